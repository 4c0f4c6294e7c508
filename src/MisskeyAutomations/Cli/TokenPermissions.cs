using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Cli;

/// <summary>Which permissions the token of an account needs.</summary>
internal static class TokenPermissions
{
    /// <summary>
    /// Exactly those that the rules need on an account: for their steps, for what steps and expressions look up, and for what the engine
    /// asks of its own accord. A dry run counts as what it would be; a rule that is switched off needs nothing.
    /// </summary>
    /// <param name="rules">The loaded rules.</param>
    /// <param name="account">The account's name; null for all accounts together.</param>
    public static IReadOnlySet<string> PermissionsOf(RuleSet rules, string? account = null)
    {
        var serving = rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled
            && (account is null || rule.Accounts.Count == 0 || rule.Accounts.Contains(account, StringComparer.Ordinal)));
        var endpoints = serving.SelectMany(rule => rule.Endpoints).Concat(OwnCalls.Endpoints);
        return new SortedSet<string>(endpoints.Select(Permissions.For).OfType<string>(), StringComparer.Ordinal);
    }
}
