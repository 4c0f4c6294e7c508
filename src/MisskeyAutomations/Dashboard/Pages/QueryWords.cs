namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>What the query of an address asks for.</summary>
internal static class QueryWords
{
    /// <summary>The word of this name without blanks around it; null when there is none.</summary>
    public static string? Find(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 } given ? given : null;
}
