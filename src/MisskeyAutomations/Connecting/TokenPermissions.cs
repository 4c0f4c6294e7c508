using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Which permissions the token of an account needs.</summary>
internal static class TokenPermissions
{
    /// <summary>
    /// Exactly those that the rules need on an account: for their steps, for what steps and expressions look up, and for what the engine
    /// asks of its own accord. A dry run counts as what it would be; a rule that is switched off needs nothing.
    /// </summary>
    /// <param name="rules">The loaded rules.</param>
    /// <param name="account">The account's name; null for all accounts together.</param>
    /// <param name="catchesUp">Whether the account looks for what webhooks did not bring.</param>
    public static IReadOnlySet<string> PermissionsOf(RuleSet rules, string? account = null, bool catchesUp = true) =>
        new SortedSet<string>(NeedsOf(rules, account, catchesUp).Select(need => need.Permission), StringComparer.Ordinal);

    /// <summary>The same permissions by name, each with what needs it.</summary>
    /// <param name="rules">The loaded rules.</param>
    /// <param name="account">The account's name; null for all accounts together.</param>
    /// <param name="catchesUp">Whether the account looks for what webhooks did not bring.</param>
    /// <param name="connects">Whether the engine looks after the account's webhook itself.</param>
    public static IReadOnlyList<PermissionNeed> NeedsOf(RuleSet rules, string? account = null, bool catchesUp = true, bool connects = false)
    {
        string[] further = [.. catchesUp ? [OwnCalls.Notifications] : Array.Empty<string>(), .. connects ? OwnCalls.OfConnecting : []];
        var own = OwnCalls.Endpoints.Concat(further).Select(endpoint => (Endpoint: endpoint, Rule: (string?)null));
        var ofRules =
            from rule in rules.Rules
            where rule.Mode != RuleMode.Disabled && (account is null || rule.Serves(account))
            from endpoint in rule.Endpoints.Concat(rule.Triggers.Where(EventTypes.IsPlace).Select(OwnCalls.OfPlace).OfType<string>())
            select (Endpoint: endpoint, Rule: (string?)rule.Name);
        return
        [
            .. own.Concat(ofRules)
                .Where(need => Permissions.For(need.Endpoint) is not null)
                .GroupBy(need => Permissions.For(need.Endpoint)!, need => need.Rule, StringComparer.Ordinal)
                .OrderBy(needs => needs.Key, StringComparer.Ordinal)
                .Select(needs => new PermissionNeed(needs.Key, needs.Any(rule => rule is null), [.. needs.OfType<string>().Distinct(StringComparer.Ordinal)])),
        ];
    }
}

/// <summary>A permission that the token of an account needs.</summary>
/// <param name="Permission">Such as <c>write:notes</c>.</param>
/// <param name="ByEngine">Whether the engine itself needs it, whatever the rules are.</param>
/// <param name="Rules">The rules that need it, in file order.</param>
internal sealed record PermissionNeed(string Permission, bool ByEngine, IReadOnlyList<string> Rules)
{
    private const int ShownRules = 5;

    /// <summary>What needs it, for people; of many rules the first.</summary>
    public Phrase NeededBy
    {
        get
        {
            var rules = string.Join(", ", Rules.Take(ShownRules));
            return (ByEngine, Rules.Count) switch
            {
                (true, 0) => Phrase.Of("for the engine itself"),
                (true, <= ShownRules) => Phrase.Of($"for the engine itself, and for {rules}"),
                (true, var count) => Phrase.Of($"for the engine itself, and for {rules} and {count - ShownRules} more"),
                (false, <= ShownRules) => Phrase.Of($"for {rules}"),
                (false, var count) => Phrase.Of($"for {rules} and {count - ShownRules} more"),
            };
        }
    }
}
