using System.Text.RegularExpressions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>Warns of rules that name secrets which the configuration does not have, at the start and after every reload: their calls would fail.</summary>
internal sealed partial class MissingSecrets(RuleSecrets secrets, RuleReloader reloader, ILogger<MissingSecrets> logger)
{
    /// <summary>The secrets that a rule names.</summary>
    public static IEnumerable<string> NamesIn(Rule rule) =>
        Named().Matches(rule.ResolvedText).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    public void Watch(RuleSet rules) => reloader.LookAtAll(rules, Warn);

    private void Warn(RuleSet rules)
    {
        foreach (var rule in rules.Rules.Where(rule => rule.Mode == RuleMode.Enabled))
        {
            foreach (var name in NamesIn(rule).Where(name => secrets.Find(name) is null))
            {
                LogMissing(rule.Name, name);
            }
        }
    }

    // Not after another dollar sign: that one is the sign itself.
    [GeneratedRegex(@"(?<!\$)\$\{\s*secret\s*\.\s*(?<name>\w+)\s*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Named();

    [LoggerMessage(502, LogLevel.Warning, "Rule {Rule} names the secret {Secret}, which the configuration does not have: the step that needs it will fail")]
    private partial void LogMissing(string rule, string secret);
}
