using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Warns of rules on what only catching up finds, for accounts that do without it, at the start and after every reload: nothing would ever
/// start them there.
/// </summary>
internal sealed partial class UntoldTriggers(AccountDirectory accounts, RuleReloader reloader, ILogger<UntoldTriggers> logger)
{
    public void Watch(RuleSet rules) => reloader.LookAtAll(rules, Warn);

    private void Warn(RuleSet rules)
    {
        foreach (var account in accounts.All.Where(account => account.CatchUp is null))
        {
            foreach (var rule in rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account.Name)))
            {
                foreach (var trigger in rule.Triggers.Where(trigger => EventTypes.Find(trigger)?.Origin == EventOrigin.Notifications))
                {
                    LogUntold(rule.Name, trigger, account.Name);
                }
            }
        }
    }

    [LoggerMessage(503, LogLevel.Warning, "Rule {Rule} never starts on '{Trigger}' of account {Account}, which only catching up finds: `catch-up: off` stands in the configuration")]
    private partial void LogUntold(string rule, string trigger, string account);
}
