using System.Globalization;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Inbox;

/// <summary>Durable deliveries. What <see cref="AddAsync"/> accepted is on disk and will be decided, whatever dies in between.</summary>
internal interface IInbox
{
    /// <summary>Until when an engine may have acted of which this inbox knows nothing, because it is a restored backup; null where it is none.</summary>
    DateTimeOffset? RestoredUntil => null;

    /// <summary>
    /// Stores a delivery; completes once it is on disk. False when the same hook's same event id of the same time is stored already (it is then on
    /// disk as well). The body's memory may be used again once the task has completed, and not before. What follows the task may run
    /// in turn with the answers to other deliveries, so it must not block.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It could not be written; nothing was accepted.</exception>
    Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Proves that deliveries can be stored, by a write that is at most a second old.</summary>
    /// <exception cref="StoreUnavailableException">They cannot.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The oldest deliveries that are not decided yet, in the order of arrival, after <paramref name="afterId"/>; waits until there is
    /// at least one. Fewer than there are where they are large.
    /// </summary>
    Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the account itself, by a rule, made what the event reports: the note with this id is the answer of one of its steps,
    /// or one of its steps that is on its way asks for just this.
    /// </summary>
    Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken);

    /// <summary>
    /// The id of the first note of the thread in which a note answers or quotes one that a rule of the account wrote; null when it does
    /// neither, and the note itself shows all that is known of its thread.
    /// </summary>
    Task<string?> FindThreadAsync(string account, System.Text.Json.JsonElement note, CancellationToken cancellationToken);

    /// <summary>
    /// Another delivery that reported the same event, and is set aside, or about to be, because the engine died at it again and again; null
    /// when there is none.
    /// </summary>
    Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken);

    /// <summary>
    /// The account's unfinished runs, with their steps, one of which made this note, or is on its way to: the reply to a note can come before
    /// the answer to the request that made it.
    /// </summary>
    /// <param name="account">The account's name.</param>
    /// <param name="note">The note as a reply to it shows it.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, System.Text.Json.JsonElement note, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the deciding of a delivery in one transaction: its state, its subject, the verdicts, the runs with their places in the
    /// limits (each granted or refused there), inserted as running under this node's lease unless it leaves them free.
    /// </summary>
    /// <exception cref="ListenerGoneException">The run that was to hear the event has ended meanwhile: nothing was written.</exception>
    Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken);

    /// <summary>
    /// Whether this engine does what one of several is enough for: looking at the clock and at notifications. Two may think so for a while; what
    /// both find is stored once.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It cannot be known now.</exception>
    Task<bool> IsFirstAsync(CancellationToken cancellationToken);

    /// <summary>Until when the times of each cron trigger are settled.</summary>
    Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken);

    /// <summary>Puts these marks in place of all that are there; completes once they are on disk.</summary>
    Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken);

    /// <summary>How far an account's notifications were seen; null before the first look.</summary>
    Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken);

    /// <summary>
    /// Stores what notifications told, and how far they are seen now, in one transaction. What is decided already is not stored again, nor
    /// is what a delivery tells that is not decided yet or set aside.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It could not be written; neither was accepted.</exception>
    Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken);

    /// <summary>When an account's followers were last compared; null before the first time.</summary>
    Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken);

    /// <summary>Who followed an account when its followers were last compared.</summary>
    Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken);

    /// <summary>Writes who left and who came, together with the deliveries that tell of it, in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written; nothing was accepted.</exception>
    Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken);
}

/// <summary>A webhook request or streamed message to be stored.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="HookId">Misskey's hook id; empty where the source has none.</param>
/// <param name="EventId">Unique per hook: a UUID for webhooks, another stable text for other sources.</param>
/// <param name="Source"><c>webhook</c>, <c>streaming</c>, <c>catch-up</c>, <c>followers</c> or <c>cron</c>.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Body">The bytes as they came.</param>
/// <param name="Scrubbed">Whether lone surrogates, invalid UTF-8 or NUL must be replaced when it is read.</param>
internal sealed record NewDelivery(
    string Account, string HookId, string EventId, string Source, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body, bool Scrubbed)
{
    /// <summary>What tells it from others of its hook; shortened where it is too long for an index.</summary>
    public string EventId { get; init; } = IndexKey.Of(EventId);

    /// <summary>
    /// The number that its envelope gives as <c>createdAt</c>; 0 where the source has none. Misskey repeats a delivery byte for byte, so
    /// it is part of what makes two deliveries the same, and must not depend on when one arrives.
    /// </summary>
    public long CreatedAt { get; init; }
}

/// <summary>A stored delivery.</summary>
internal sealed record Delivery(long Id, string Account, string HookId, string EventId, string Source, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body, bool Scrubbed);

/// <summary>Where a delivery stands.</summary>
internal enum DeliveryState
{
    /// <summary>On disk, not decided yet.</summary>
    Received = 0,

    /// <summary>Decided; its runs, if any, exist.</summary>
    Planned = 1,

    /// <summary>A dummy of Misskey's test button.</summary>
    Test = 2,

    /// <summary>The secret was right, but its hook or user is not the account's.</summary>
    Unrouted = 3,

    /// <summary>Its time lies outside of what is acted on.</summary>
    Stale = 4,

    /// <summary>It could not be decided; kept for a person to look at.</summary>
    Quarantined = 5,

    /// <summary>It was kept for a person to look at, who gave it up.</summary>
    Dropped = 6,
}

/// <summary>What was decided about a delivery.</summary>
internal sealed record Decision
{
    /// <summary>The note about what came too late, or before its time.</summary>
    public const string OutOfTime = "its time lies more than a day back or minutes ahead";

    /// <summary>The note about what happened before a backup was restored.</summary>
    public const string BeforeRestore = "a backup was restored, and what happened before may have been acted on already";

    private const string RepeatsFrom = "Delivery ";
    private const string RepeatsTo = " had reported the same event.";

    /// <summary>The delivery.</summary>
    public required long DeliveryId { get; init; }

    /// <summary>The account's name.</summary>
    public required string Account { get; init; }

    /// <summary>The delivery's hook id, for subjects that recur.</summary>
    public required string HookId { get; init; }

    /// <summary>The state it gets.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>The event's most particular type.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it is about a direct note, whose text may be kept for a shorter time.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The subject; null for deliveries that are not decided (test, unrouted …).</summary>
    public Subject? Subject { get; init; }

    /// <summary>Whether the event could be read; a hidden one leaves its subject open for a readable copy.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>When Misskey made the event.</summary>
    public required DateTimeOffset EventAt { get; init; }

    /// <summary>What each candidate's gates said.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>The runs to make.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; init; } = [];

    /// <summary>Whether the runs are left free and due, as this node has enough of the account's to do.</summary>
    public bool LeavesRunsFree { get; init; }

    /// <summary>The run that had waited for the event, or will: then there are no runs to make. Null otherwise.</summary>
    public long? HeardBy { get; init; }

    /// <summary>A sentence for people about states other than planned, or about who heard it; null when there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>The same for a delivery that got its number only now.</summary>
    public Decision For(long deliveryId) => this with
    {
        DeliveryId = deliveryId,
        Runs = [.. Runs.Select(planned => planned with { Run = planned.Run with { DeliveryId = deliveryId } })],
    };

    /// <summary>The note about a delivery that tells nothing new.</summary>
    public static string Repeats(long first) => string.Create(CultureInfo.InvariantCulture, $"{RepeatsFrom}{first}{RepeatsTo}");

    /// <summary>The delivery that such a note names; null when it is another note.</summary>
    public static long? FirstOf(string? note) => note is not null && note.StartsWith(RepeatsFrom, StringComparison.Ordinal) && note.EndsWith(RepeatsTo, StringComparison.Ordinal)
        && long.TryParse(note.AsSpan()[RepeatsFrom.Length..^RepeatsTo.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : null;
}

/// <summary>What became of a decision.</summary>
/// <param name="AlreadyDecided">Whether its subject had been decided before by another delivery: nothing was made.</param>
/// <param name="Verdicts">The verdicts, with those of full limits and unfinished runs put in.</param>
/// <param name="Runs">The runs that were made: running ones leased to this node, waiting ones free, and ready ones free where the decision leaves them so.</param>
internal sealed record Decided(bool AlreadyDecided, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Run> Runs)
{
    /// <summary>Other runs that are due sooner now, because one was replaced.</summary>
    public IReadOnlyList<Ring> Rings { get; init; } = [];
}

/// <summary>A question for <see cref="IInbox.IsOwnDeedAsync"/>.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Endpoint"><c>notes/create</c>, <c>following/create</c> or <c>following/delete</c>.</param>
/// <param name="ObjectId">The note's id, or the id of the followed user.</param>
/// <param name="Envelope">The event's body, to compare with requests that are on their way.</param>
internal sealed record OwnDeed(string Account, string Endpoint, string ObjectId, System.Text.Json.JsonElement Envelope)
{
    /// <summary>The question for an event; null for one that no request of the account could have caused.</summary>
    public static OwnDeed? Of(Event happening)
    {
        var (endpoint, id) = happening.Type switch
        {
            "note" => ("notes/create", happening.Note?.GetText("id")),
            "follow" => ("following/create", happening.User?.GetText("id")),
            "unfollow" => ("following/delete", happening.User?.GetText("id")),
            _ => (null, null),
        };
        return endpoint is null || id is null ? null : new(happening.Account, endpoint, id, happening.Body);
    }
}

/// <summary>How far the times of a cron trigger are settled: each up to it is a stored delivery, or was dropped.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Trigger">The trigger's expression and zone.</param>
/// <param name="At">The last settled time, or when the trigger was first seen.</param>
internal sealed record CronMark(string Rule, string Trigger, DateTimeOffset At);

/// <summary>How far an account's notifications are seen.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="UserId">Whose notifications they are: the account may get another user's token.</param>
/// <param name="NotificationId">The last that was seen; the id of the user where there was none yet, for it is older than all.</param>
/// <param name="LookedAt">When the last look came to its end.</param>
internal sealed record CatchUpMark(string Account, string UserId, string NotificationId, DateTimeOffset LookedAt);

/// <summary>What a notification told.</summary>
/// <param name="Delivery">To be stored.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="At">When Misskey made it.</param>
internal sealed record ToldEvent(NewDelivery Delivery, Subject Subject, DateTimeOffset At);

/// <summary>What came of told events.</summary>
/// <param name="New">How many are to be decided.</param>
/// <param name="Known">How many had come by another way before.</param>
internal readonly record struct CaughtUp(int New, int Known);

/// <summary>The store cannot be written or read now: full disk, locked, broken.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The run that was to hear an event has ended before that could be written: the event is decided anew.</summary>
internal sealed class ListenerGoneException(long runId) : Exception($"Run {runId} has ended and hears nothing any more.");
