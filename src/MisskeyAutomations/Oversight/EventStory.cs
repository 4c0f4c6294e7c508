using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>All that is known about an event.</summary>
internal sealed record EventStory
{
    public required RecordedEvent Event { get; init; }

    /// <summary>Its request as it came; null when it is not kept any more, or cannot be read.</summary>
    public required JsonElement? Envelope { get; init; }

    /// <summary>What the rules said that were asked, as it turned out in their runs.</summary>
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>Rules that start on such events and were not asked, with the reason, by the rules as they are now.</summary>
    public required IReadOnlyList<(Rule Rule, Phrase Because)> NotAsked { get; init; }

    /// <summary>Its runs, oldest first.</summary>
    public required IReadOnlyList<RecordedRun> Runs { get; init; }

    /// <summary>Other deliveries that reported the same, oldest first.</summary>
    public required IReadOnlyList<RecordedEvent> Reports { get; init; }

    /// <summary>The verdict of a rule, as its last run turned out: a gate may say no after a look-up or a wait.</summary>
    /// <param name="told">What was said when the event was decided.</param>
    /// <param name="runs">The runs of the rule for the event, oldest first.</param>
    public static Verdict Final(Verdict told, IReadOnlyList<RecordedRun> runs) => runs is [.., var run] ? told.After(run.State, run.Gate, run.Reason) : told;
}

/// <summary>Gathers what is known about events.</summary>
internal sealed class EventStories(EventQueries events, EventPages pages, RunQueries runs, RuleVersions rules)
{
    /// <summary>The story of an event; null when it is not stored.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public EventStory? Find(long number)
    {
        if (events.List([number]).SingleOrDefault() is not { } recorded)
        {
            return null;
        }

        var made = runs.Of([number]);
        return new()
        {
            Event = recorded,
            Envelope = EnvelopeOf(number),
            Verdicts = [.. recorded.Verdicts.Select(told => EventStory.Final(told, [.. made.Where(run => run.Rule == told.Rule)]))],
            NotAsked = Absence.Of(recorded, rules.Current),
            Runs = made,
            Reports = pages.ListReports(recorded),
        };
    }

    private JsonElement? EnvelopeOf(long number)
    {
        try
        {
            return events.FindEnvelope(number);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
