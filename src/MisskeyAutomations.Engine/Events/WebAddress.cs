using System.Diagnostics.CodeAnalysis;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Addresses of the web, in what others write.</summary>
public static class WebAddress
{
    /// <summary>
    /// Reads an absolute address by http or https. Nothing else is shown to the framework: a text that begins with slashes is a path to it, and at some of those
    /// it fails with an <see cref="IndexOutOfRangeException"/>.
    /// </summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        return text.AsSpan().TrimStart().StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";
    }
}
