using System.Text.RegularExpressions;

namespace MisskeyAutomations.Misskey;

/// <summary>What an endpoint may be called. Anything else could leave <c>/api</c>.</summary>
internal static partial class EndpointName
{
    /// <summary>Whether this can be an endpoint: <c>notes/reactions/create</c>.</summary>
    public static bool IsValid(string name) => name.Length <= 200 && Pattern().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9-]+(/[a-z0-9-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
