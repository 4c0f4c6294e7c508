using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>Warns of rules that name secrets which the configuration does not have, at the start and after every reload: their calls would fail.</summary>
internal sealed partial class MissingSecrets(RuleSecrets secrets, RuleReloader reloader, ILogger<MissingSecrets> logger)
{
    public void Watch(RuleSet rules) => reloader.LookAtAll(rules, Warn);

    private void Warn(RuleSet rules)
    {
        foreach (var rule in rules.Rules.Where(rule => rule.Mode == RuleMode.Enabled))
        {
            foreach (var name in SecretNames.In(rule).Where(name => secrets.Find(name) is null))
            {
                LogMissing(rule.Name, name);
            }
        }
    }

    [LoggerMessage(502, LogLevel.Warning, "Rule {Rule} names the secret {Secret}, which the configuration does not have: the step that needs it will fail")]
    private partial void LogMissing(string rule, string secret);
}
