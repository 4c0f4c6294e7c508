using System.Text;
using System.Text.Json;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>What rules would do about events: nothing is sent, no server is asked.</summary>
/// <param name="Events">The events, in order.</param>
/// <param name="EmptyState">Keys that rules read and nobody gave: they were taken as empty.</param>
internal sealed record Simulation(IReadOnlyList<SimulatedEvent> Events, IReadOnlySet<string> EmptyState)
{
    /// <summary>Under which name what was kept is given among look-ups.</summary>
    public const string State = "state";

    /// <summary>The endpoints that rules would ask and whose answers were not given.</summary>
    public IReadOnlyList<string> Missing =>
        [.. Events.SelectMany(happened => happened.Rules).Select(rule => rule.Unknown?.Kind.Endpoint).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Lets events happen, one after another, each at its time, and everything that they lead to.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="events">The events.</param>
    /// <param name="known">What rules look up, as JSON by endpoint, and what was kept, under <c>state</c>.</param>
    /// <param name="defaults">What actions go by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Simulation> RunAsync(
        RuleSet rules, IReadOnlyList<StageEvent> events, IReadOnlyDictionary<string, string> known, ActionDefaults defaults, CancellationToken cancellationToken)
    {
        var told = new List<StageEntry>();
        var settings = new StageSettings { At = TimeOf(events[0]), Lookups = new KnownLookups(known), Answers = known, State = StateIn(known), Defaults = defaults };
        var stage = new Stage(rules, ActionTable.Offline(), settings, told.Add);
        foreach (var given in events)
        {
            await stage.LetPassAsync(TimeOf(given), cancellationToken);
            await stage.HappenAsync(given, cancellationToken);
        }

        await stage.LetPassAsync(DateTimeOffset.MaxValue, cancellationToken);
        return new([.. told.GroupBy(entry => entry.Event, ReferenceEqualityComparer.Instance).Select(group => SimulatedEvent.Of([.. group]))], stage.EmptyState);
    }

    /// <summary>A recorded event, to happen once more. What the engine knew of whoever did it is taken from what it said then.</summary>
    /// <param name="recorded">The event.</param>
    /// <param name="envelope">Its request.</param>
    /// <param name="readers">Where it is recorded, and what else is known of its thread.</param>
    /// <param name="account">The account that it comes to; null for the one that it came to.</param>
    public static StageEvent Of(RecordedEvent recorded, JsonElement envelope, StoreReaders readers, string? account = null)
    {
        var isSelf = recorded.Verdicts.Any(verdict => verdict.Gate == Gates.Self);
        return new(account ?? recorded.Account, envelope, recorded.Source)
        {
            ReceivedAt = recorded.ReceivedAt,
            Thread = recorded.Happening?.Note is { } note ? Threads.Find(readers, recorded.Account, note) : null,
            IsOurs = isSelf,
            IsRulesDeed = isSelf,
            IsMuted = recorded.Verdicts.Any(verdict => verdict.Gate == Gates.Muted),
        };
    }

    /// <summary>What is known, from what somebody gave. What is no text in it is read as U+FFFD, as in all that comes from outside.</summary>
    /// <param name="lookups">What rules look up, as JSON by endpoint.</param>
    /// <param name="state">What was kept, as JSON by key.</param>
    /// <exception cref="JsonException">Something is no JSON.</exception>
    public static IReadOnlyDictionary<string, string> Know(IEnumerable<KeyValuePair<string, string>> lookups, IEnumerable<KeyValuePair<string, string>> state)
    {
        var known = lookups.ToDictionary(pair => pair.Key, pair => Scrub(pair.Value), StringComparer.Ordinal);
        var kept = state.Select(pair => $"\"{JsonEncodedText.Encode(pair.Key)}\":{Scrub(pair.Value)}").ToList();
        if (kept.Count > 0)
        {
            known[State] = $"{{{string.Join(',', kept)}}}";
        }

        return known;

        static string Scrub(string json) => ScrubbedJson.Parse(Encoding.UTF8.GetBytes(json), scrubbed: true).GetRawText();
    }

    /// <summary>When an event happened.</summary>
    public static DateTimeOffset TimeOf(StageEvent given) =>
        EventReader.Read(given.Envelope, given.Account, given.ReceivedAt ?? TimeProvider.System.GetUtcNow(), given.Source, given.MeId).CreatedAt;

    private static Dictionary<string, string> StateIn(IReadOnlyDictionary<string, string> known) => known.TryGetValue(State, out var json)
        && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } state
            ? state.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetRawText(), StringComparer.Ordinal) : [];
}

/// <summary>What would become of an event.</summary>
/// <param name="Event">The event.</param>
/// <param name="At">When it happens.</param>
/// <param name="HeardBy">The rule whose run has waited for it: then no rule starts on it. Null otherwise.</param>
/// <param name="Rules">What each rule that was asked would do, in file order.</param>
internal sealed record SimulatedEvent(Event Event, DateTimeOffset At, string? HeardBy, IReadOnlyList<SimulatedRule> Rules)
{
    /// <summary>What came to pass of an event, in order.</summary>
    public static SimulatedEvent Of(IReadOnlyList<StageEntry> its)
    {
        var verdicts = new List<Verdict>();
        foreach (var verdict in its.SelectMany(entry => entry switch
        {
            StageEntry.Judged judged => (IEnumerable<Verdict>)[judged.Verdict],
            StageEntry.Heard heard => heard.Verdicts,
            _ => [],
        }))
        {
            verdicts.Put(verdict);
        }

        return new(
            its[0].Event, its[0].At, its.OfType<StageEntry.Heard>().FirstOrDefault()?.Run.RuleName,
            [.. verdicts.Select(verdict => SimulatedRule.Of(verdict, [.. its.Where(entry => RuleOf(entry) == verdict.Rule)]))]);
    }

    private static string? RuleOf(StageEntry entry) => entry switch
    {
        StageEntry.Stepped stepped => stepped.Run.RuleName,
        StageEntry.Rested rested => rested.Run.RuleName,
        StageEntry.Unknown unknown => unknown.Run.RuleName,
        _ => null,
    };
}

/// <summary>What a rule would do about an event.</summary>
/// <param name="Verdict">What its gates would say in the end.</param>
/// <param name="Unknown">What it would have to look up and nobody knows; null when it can be known what it would do.</param>
/// <param name="Steps">The steps that it would take, in order.</param>
/// <param name="End">Its run as it would stand at last; null when there would be none.</param>
internal sealed record SimulatedRule(Verdict Verdict, Lookup? Unknown, IReadOnlyList<Step> Steps, Run? End)
{
    /// <summary>What came to pass of a rule, in order.</summary>
    public static SimulatedRule Of(Verdict verdict, IReadOnlyList<StageEntry> entries)
    {
        var end = entries.OfType<StageEntry.Rested>().LastOrDefault()?.Run;
        return new(
            end is null ? verdict : verdict.After(end.State, end.Gate, end.Reason),
            entries.OfType<StageEntry.Unknown>().FirstOrDefault()?.Lookup,
            [.. entries.OfType<StageEntry.Stepped>().Select(stepped => stepped.Step).Where(step => step.Kind != FrozenLets.Kind)],
            end);
    }
}
