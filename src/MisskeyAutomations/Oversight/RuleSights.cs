using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>Rules with what they did lately.</summary>
internal sealed class RuleSights(Activity activity, RuleVersions rules, TimeProvider time)
{
    /// <summary>Those in force, in the order of their files.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<RuleSight> List() => Look(rules.Current);

    /// <summary>Those of a set that need not be in force yet.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<RuleSight> Look(RuleSet set)
    {
        var now = time.GetUtcNow();
        var (fired, day, week) = (activity.ListLastFired(), Sums(now.AddDays(-1)), Sums(now.AddDays(-7)));
        return [.. set.Rules.Select(rule => new RuleSight(
            rule, fired.TryGetValue(rule.Name, out var at) ? at : null, day.GetValueOrDefault(rule.Name, new()), week.GetValueOrDefault(rule.Name, new())))];
    }

    private Dictionary<string, ActivitySums> Sums(DateTimeOffset since) => activity.ListRules(since).GroupBy(count => count.Rule, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Aggregate(new ActivitySums(), (sums, count) => sums.With(count.What, count.Number)), StringComparer.Ordinal);
}

/// <summary>A rule with what it did.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="FiredAt">When a run of it last got past its gates; null when none ever did.</param>
/// <param name="Day">What it did within the last 24 hours, by whole hours.</param>
/// <param name="Week">What it did within the last seven days.</param>
internal sealed record RuleSight(Rule Rule, DateTimeOffset? FiredAt, ActivitySums Day, ActivitySums Week);
