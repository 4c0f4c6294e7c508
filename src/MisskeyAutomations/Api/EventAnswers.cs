using System.ComponentModel;
using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>A page of events, newest first.</summary>
internal sealed record EventPageAnswer(
    IReadOnlyList<EventAnswer> Events,
    [property: Description("Where the next page begins; null when there is nothing more")] string? NextCursor,
    [property: Description("How far back was looked, where fewer were found than asked for and there is more to look at; null otherwise")] DateTimeOffset? LookedBackTo);

/// <summary>An event in a list.</summary>
internal sealed record EventAnswer
{
    private const int LongestExcerpt = 280;

    [Description("The number of its delivery")]
    public required long Number { get; init; }

    public required string Account { get; init; }

    [Description("As Misskey gave it")]
    public required string EventId { get; init; }

    [Description("webhook, streaming, catch-up, followers or cron")]
    public required string Source { get; init; }

    [Description("When it happened; where that was not told, when it came")]
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required DeliveryState State { get; init; }

    [Description("All types that it means, the most particular first")]
    public required IReadOnlyList<string> Types { get; init; }

    [Description("Who caused it, such as bob@remote.example; null where nobody did, or that is not known any more")]
    public required string? Who { get; init; }

    [Description("The beginning of the note's text")]
    public required string? Excerpt { get; init; }

    [Description("Why no rule was asked; null when they were")]
    public required string? Note { get; init; }

    [Description("Whether its request is kept as it came")]
    public required bool IsBodyKept { get; init; }

    [Description("The number of the event that it is once more, because a person ordered that; null otherwise")]
    public required long? ReplayOf { get; init; }

    [Description("What the rules said that were asked")]
    public required IReadOnlyList<VerdictAnswer> Verdicts { get; init; }

    public static EventAnswer Of(RecordedEvent recorded) => new()
    {
        Number = recorded.Number,
        Account = recorded.Account,
        EventId = recorded.EventId,
        Source = recorded.Source,
        CreatedAt = recorded.CreatedAt,
        ReceivedAt = recorded.ReceivedAt,
        State = recorded.State,
        Types = recorded.Happening?.Types ?? (recorded.Type is { Length: > 0 } type ? [type] : []),
        Who = (recorded.Happening?.User ?? recorded.Happening?.Note?.FindObject("user"))?.Acct(),
        Excerpt = recorded.Happening?.Note?.GetText("text") is { } text ? Ellipsis.Cut(text, LongestExcerpt) : null,
        Note = recorded.Note,
        IsBodyKept = recorded.IsBodyKept,
        ReplayOf = OnceMore.FirstOf(recorded.EventId),
        Verdicts = [.. recorded.Verdicts.Select(VerdictAnswer.Of)],
    };
}

/// <summary>What a rule's gates said.</summary>
internal sealed record VerdictAnswer
{
    public required string Rule { get; init; }

    [Description("Whether a run came of it")]
    public required bool Runs { get; init; }

    [Description("The gate that said no; null when none did")]
    public required string? Gate { get; init; }

    [Description("Whether the rule's `else` or `over` steps run instead")]
    public required bool TookElse { get; init; }

    [Description("The deciding expression with the values that it saw, or a sentence; null when there is nothing to add")]
    public required string? Because { get; init; }

    public static VerdictAnswer Of(Verdict verdict) =>
        new() { Rule = verdict.Rule, Runs = verdict.Runs, Gate = verdict.Gate, TookElse = verdict.TookElse, Because = verdict.Because };
}

/// <summary>All that is known about an event.</summary>
internal sealed record EventStoryAnswer(
    [property: Description("The event; its verdicts as they turned out in its runs")] EventAnswer Event,
    [property: Description("The request as it came; null when it is not kept any more")] JsonElement? Payload,
    [property: Description("Rules that start on such events and were not asked, by the rules as they are now")] IReadOnlyList<NotAskedAnswer> NotAsked,
    [property: Description("Its runs with their steps, oldest first")] IReadOnlyList<RunAnswer> Runs,
    [property: Description("Other deliveries that reported the same, oldest first")] IReadOnlyList<EventAnswer> Reports)
{
    public static EventStoryAnswer Of(EventStory story, Translation language) => new(
        EventAnswer.Of(story.Event) with { Verdicts = [.. story.Verdicts.Select(VerdictAnswer.Of)] },
        story.Envelope,
        [.. story.NotAsked.Select(absent => new NotAskedAnswer(absent.Rule.Name, absent.Because.In(language)))],
        [.. story.Runs.Select(RunAnswer.Of)],
        [.. story.Reports.Select(EventAnswer.Of)]);
}

/// <summary>A rule that was not asked, and why.</summary>
internal sealed record NotAskedAnswer(string Rule, string Because);

/// <summary>What came of the order to let an event happen once more.</summary>
internal sealed record ReplayAnswered(
    [property: Description("The number of its new delivery")] long Number,
    IReadOnlyList<VerdictAnswer> Verdicts,
    [property: Description("The numbers of the runs that were made")] IReadOnlyList<long> Runs,
    [property: Description("Rules that were not asked because they did something about it already, or still may")] IReadOnlyList<string> LeftOut);
