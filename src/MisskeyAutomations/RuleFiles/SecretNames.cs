using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.RuleFiles;

/// <summary>Which secrets of the configuration rules name.</summary>
internal static partial class SecretNames
{
    /// <summary>Those of a rule.</summary>
    public static IEnumerable<string> In(Rule rule) =>
        Named().Matches(rule.ResolvedText).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    // Not after another dollar sign: that one is the sign itself.
    [GeneratedRegex(@"(?<!\$)\$\{\s*secret\s*\.\s*(?<name>\w+)\s*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Named();
}
