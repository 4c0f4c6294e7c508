namespace MisskeyAutomations.Engine.Expressions;

/// <summary>The host of an address in ASCII.</summary>
internal static class HostName
{
    /// <summary>Null where it has none that could be looked up: the framework takes signs that no name may have, and throws when asked.</summary>
    public static string? Of(Uri uri)
    {
        try
        {
            return uri.IdnHost is { Length: > 0 } host ? host : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
