using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>Warns of rules whose <c>account</c> is not configured, at the start and after every reload: they would never be asked.</summary>
internal sealed partial class StrangeAccounts(AccountDirectory accounts, RuleReloader reloader, ILogger<StrangeAccounts> logger)
{
    public void Watch(RuleSet rules) => reloader.LookAtAll(rules, Warn);

    private void Warn(RuleSet rules)
    {
        foreach (var rule in rules.Rules)
        {
            foreach (var name in rule.Accounts.Where(name => accounts.Find(name) is null))
            {
                LogStranger(rule.Name, name, string.Join(", ", accounts.All.Select(account => account.Name).Order(StringComparer.Ordinal)));
            }
        }
    }

    [LoggerMessage(501, LogLevel.Warning, "Rule {Rule} is for account '{Name}', which is not configured: nothing happens to it there. Configured: {Accounts}")]
    private partial void LogStranger(string rule, string name, string accounts);
}
