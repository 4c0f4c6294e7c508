using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Of the rules of a group that have no condition the first takes every event that the others leave: one behind it never runs.</summary>
internal static class GroupLaw
{
    /// <summary>Warns of rules that never get an event.</summary>
    public static void Check(Reading reading, IReadOnlyList<Rule> rules)
    {
        foreach (var group in rules.Where(rule => rule is { Group: not null, When: null }).GroupBy(rule => rule.Group, StringComparer.Ordinal))
        {
            Rule[] members = [.. group];
            for (var i = 1; i < members.Length; i++)
            {
                if (members[..i].FirstOrDefault(earlier => TakesAll(earlier, members[i])) is { } taker)
                {
                    reading.Report(RuleDiagnostics.NeverItsTurn.At(members[i].Source, members[i].NameSpan, members[i].Name, taker.Name, group.Key!) with
                    {
                        Hint = $"give '{taker.Name}' a 'when:', or one of them another group",
                    });
                }
            }
        }
    }

    // The clock starts one rule alone: nobody takes that from it.
    private static bool TakesAll(Rule earlier, Rule later) =>
        earlier.Mode != RuleMode.Disabled && later.Mode != RuleMode.Disabled
        && later.Triggers.All(name => name != EventTypes.Cron.Name && earlier.Triggers.Contains(name, StringComparer.Ordinal))
        && (earlier.Accounts.Count == 0 || (later.Accounts.Count > 0 && later.Accounts.All(account => earlier.Accounts.Contains(account, StringComparer.Ordinal))))
        && earlier.Include.HasFlag(later.Include)
        && earlier.Late >= later.Late;
}
