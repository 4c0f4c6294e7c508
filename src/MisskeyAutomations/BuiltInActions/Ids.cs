using System.Text.RegularExpressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Misskey's ids. Other shapes (the dummies of its test button have hyphens) are refused before they are sent.</summary>
internal static partial class Ids
{
    /// <summary>Whether this can be an id.</summary>
    public static bool IsValid(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"^[0-9A-Za-z]{1,64}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
