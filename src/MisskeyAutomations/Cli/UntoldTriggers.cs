using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Warns of rules on what no source of an account tells, at the start and after every reload: nothing would ever start them there.
/// </summary>
internal sealed partial class UntoldTriggers(AccountDirectory accounts, ConnectedAccounts connected, RuleReloader reloader, ILogger<UntoldTriggers> logger)
{
    public void Watch(RuleSet rules) => reloader.LookAtAll(rules, Warn);

    private void Warn(RuleSet rules)
    {
        foreach (var account in accounts.All)
        {
            foreach (var rule in rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account.Name)))
            {
                foreach (var trigger in rule.Triggers)
                {
                    Warn(account, rule.Name, trigger);
                }
            }
        }
    }

    private void Warn(Account account, string rule, string trigger)
    {
        if (EventTypes.IsPlace(trigger))
        {
            // How the events of a connected one come follows the rules.
            if (!account.IsStreamed && connected.Find(account.Name) is null)
            {
                LogNotStreamed(rule, trigger, account.Name);
            }

            return;
        }

        switch (EventTypes.Find(trigger)?.Origin)
        {
            case EventOrigin.Notifications when account is { IsStreamed: false, CatchUp: null }:
                LogUntold(rule, trigger, account.Name);
                break;
            case EventOrigin.Engine when account.Followers is null:
                LogNotCompared(rule, trigger, account.Name);
                break;
        }
    }

    [LoggerMessage(503, LogLevel.Warning, "Rule {Rule} never starts on '{Trigger}' of account {Account}, which only streaming or catching up finds: `source: webhook` and `catch-up: off` stand in the configuration")]
    private partial void LogUntold(string rule, string trigger, string account);

    [LoggerMessage(2232, LogLevel.Warning, "Rule {Rule} never starts on '{Trigger}' of account {Account}, which only streaming tells: write `source: both` for the account in automations.yaml, or set MISSKEY_SOURCE=both")]
    private partial void LogNotStreamed(string rule, string trigger, string account);

    [LoggerMessage(2233, LogLevel.Warning, "Rule {Rule} never starts on '{Trigger}' of account {Account}: `followers: off` stands in the configuration")]
    private partial void LogNotCompared(string rule, string trigger, string account);
}
