using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>What rules would have done with the events of the last seven days: nothing is sent, no server is asked.</summary>
internal sealed class Hindsight(EventPages pages, EventQueries events, StoreReaders readers, Func<string, ActionDefaults> defaultsOf, TimeProvider time)
{
    /// <summary>How many of the newest events are looked at.</summary>
    public const int Most = 1_000;

    private const int Shown = 5;
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);

    /// <summary>Compares two sets of rules by what each would have done.</summary>
    /// <param name="before">The rules as they are; null when they have errors, and then there were none.</param>
    /// <param name="after">The rules as they would be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PastComparison> CompareAsync(RuleSet? before, RuleSet after, CancellationToken cancellationToken)
    {
        var (recorded, isCut) = List();
        var given = recorded.Select(Given).OfType<(RecordedEvent Event, StageEvent Given)>().ToList();
        var (was, willBe) = (await FiringsAsync(before, given, cancellationToken), await FiringsAsync(after, given, cancellationToken));
        var rules = after.Rules.Concat(before?.Rules ?? []).Select(rule => rule.Name).Distinct(StringComparer.Ordinal);
        return new(given.Count, recorded.Count - given.Count, isCut, [.. rules.Select(rule => Compare(rule, was, willBe))]);
    }

    private static PastRule Compare(string rule, IReadOnlyList<Firing> was, IReadOnlyList<Firing> willBe)
    {
        var (before, after) = (Of(was), Of(willBe));
        return new(
            rule,
            before.Count(firing => !firing.IsUnknown),
            after.Count(firing => !firing.IsUnknown),
            after.Count(firing => firing.IsUnknown),
            [.. Only(after, before)],
            [.. Only(before, after)]);

        List<Firing> Of(IReadOnlyList<Firing> firings) => [.. firings.Where(firing => firing.Rule == rule)];

        static IEnumerable<RecordedEvent> Only(List<Firing> these, List<Firing> others)
        {
            var known = others.Select(firing => firing.Event.Number).ToHashSet();
            return these.Select(firing => firing.Event).Where(recorded => !known.Contains(recorded.Number)).DistinctBy(recorded => recorded.Number).Take(Shown);
        }
    }

    // Oldest first: what a limit allows depends on what was before.
    private (List<RecordedEvent> Events, bool IsCut) List()
    {
        var (found, before) = (new List<RecordedEvent>(), (long?)null);
        do
        {
            var page = pages.List(new EventFilter { Since = time.GetUtcNow() - Back }, before, 100);
            found.AddRange(page.Found.Where(recorded => recorded.WereRulesAsked));
            before = page.Next;
        }
        while (before is not null && found.Count < Most);

        var isCut = before is not null || found.Count > Most;
        return ([.. found.Take(Most).Reverse()], isCut);
    }

    private (RecordedEvent, StageEvent)? Given(RecordedEvent recorded)
    {
        try
        {
            return events.FindEnvelope(recorded.Number) is { } envelope
                ? (recorded, Simulation.Of(recorded, envelope, readers)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<List<Firing>> FiringsAsync(RuleSet? rules, List<(RecordedEvent Event, StageEvent Given)> given, CancellationToken cancellationToken)
    {
        var firings = new List<Firing>();
        foreach (var ofAccount in rules is null ? [] : given.GroupBy(one => one.Event.Account, StringComparer.Ordinal))
        {
            var known = new Dictionary<string, RecordedEvent>(StringComparer.Ordinal);
            foreach (var (recorded, _) in ofAccount)
            {
                known.TryAdd(recorded.Happening?.Id ?? recorded.EventId, recorded);
            }

            var nothing = new Dictionary<string, string>(StringComparer.Ordinal);
            var simulation = await Simulation.RunAsync(rules!, [.. ofAccount.Select(one => one.Given)], nothing, defaultsOf(ofAccount.Key), cancellationToken);
            firings.AddRange(
                from happened in simulation.Events
                where known.ContainsKey(happened.Event.Id)
                from rule in happened.Rules
                where rule.Steps.Count > 0 || rule.Unknown is not null
                select new Firing(rule.Verdict.Rule, known[happened.Event.Id], rule.Steps.Count == 0));
        }

        return firings;
    }

    private readonly record struct Firing(string Rule, RecordedEvent Event, bool IsUnknown);
}

/// <summary>Two sets of rules compared by what each would have done.</summary>
/// <param name="Events">How many events they were asked about.</param>
/// <param name="Gone">How many there were besides, whose content is not kept.</param>
/// <param name="IsCut">Whether there were more than are looked at.</param>
/// <param name="Rules">The rules of both, in file order.</param>
internal sealed record PastComparison(int Events, int Gone, bool IsCut, IReadOnlyList<PastRule> Rules);

/// <summary>What a rule would have done.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Before">On how many events it would have acted as it is.</param>
/// <param name="After">On how many as it would be.</param>
/// <param name="Unknown">On how many more it may, as it would be: that depends on what it looks up at Misskey.</param>
/// <param name="Gained">The first events on which it would act that it leaves alone now.</param>
/// <param name="Lost">The first events on which it acts now and would not.</param>
internal sealed record PastRule(string Rule, int Before, int After, int Unknown, IReadOnlyList<RecordedEvent> Gained, IReadOnlyList<RecordedEvent> Lost);
