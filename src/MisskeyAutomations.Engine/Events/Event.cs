using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>What happened on Misskey: the typed meaning of one delivery, as seen by one account.</summary>
public sealed record Event
{
    /// <summary>The name of the account whose hook brought it.</summary>
    public required string Account { get; init; }

    /// <summary>The delivery's own id: Misskey's <c>eventId</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The hook that brought it; null where the source has none.</summary>
    public string? HookId { get; init; }

    /// <summary>The most particular of <see cref="Types"/>: <c>reply</c> before <c>renote</c> before <c>mention</c>.</summary>
    public string Type => Types[0];

    /// <summary>
    /// Everything that the event means for this account, the most particular first. From one note all its meanings are
    /// derived, whichever of them the delivery named.
    /// </summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>What the event is about, however many deliveries report it.</summary>
    public required Subject Subject { get; init; }

    /// <summary>When Misskey made the event.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>webhook</c>, <c>streaming</c>, <c>catch-up</c>, <c>followers</c> or <c>cron</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Whose it is and how far it may go; see <see cref="EventStanding"/>.</summary>
    public required EventStanding Standing { get; init; }

    /// <summary>The server's origin without a trailing slash, such as <c>https://misskey.example</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The user id of the account itself; null where the envelope has none.</summary>
    public required string? MeId { get; init; }

    /// <summary>The envelope's <c>body</c>.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The note; null for events without one.</summary>
    public JsonElement? Note { get; init; }

    /// <summary>The other party; null for events without one, and for the account's own notes.</summary>
    public JsonElement? User { get; init; }

    /// <summary>
    /// The id of the thread's first note as far as it is known; null for events without a note. The payload shows one or two notes
    /// before its own: whoever knows more of the thread puts it in.
    /// </summary>
    public string? Thread { get => field ?? Note?.FirstOfThread(); init; }

    /// <summary>The moderators' report; null for events without one.</summary>
    public JsonElement? Report { get; init; }

    /// <summary>The reaction as <c>react:</c> takes it; null for events without one.</summary>
    public string? Reaction { get; init; }

    /// <summary>The only rule that it can start, where the clock rang for that rule; null for all other events.</summary>
    public string? ForRule { get; init; }

    /// <summary>
    /// The id of the person who caused it: the other party, or the account itself for its own notes. Nobody ends a poll. The user of an
    /// administrator's webhook is the one whom it is about.
    /// </summary>
    public string? ActorId => User?.GetText("id") ?? (Type == "pollEnded" ? null : Note?.GetText("userId"));

    /// <summary>Whether the other party did it, and is not only the one whom moderators are told about.</summary>
    public bool IsDoneByUser => EventTypes.Find(Type)?.Origin != EventOrigin.SystemWebhook;

    /// <summary>The note's visibility: <c>public</c> when there is no note.</summary>
    public string Visibility => Note is { } note ? note.GetText("visibility") ?? "specified" : "public";
}

/// <summary>Whether an event is meant for this account at all.</summary>
public enum EventStanding
{
    /// <summary>An ordinary event of this account.</summary>
    Genuine,

    /// <summary>A dummy of Misskey's test button: recorded, never acted on.</summary>
    Test,

    /// <summary>A note that is not for this account's eyes (a specified note without it among the recipients): recorded, never acted on.</summary>
    NotForMe,

    /// <summary>A note whose text the server withheld: recorded, never acted on; a readable copy is decided again.</summary>
    Hidden,

    /// <summary>A type that must bring a note or a person, without one: recorded, never acted on.</summary>
    Malformed,

    /// <summary>A type that is not known yet: only <c>{ type: NAME }</c> names it.</summary>
    Unknown,
}

/// <summary>
/// What an event is about. Two deliveries with one subject are one event and are decided once.
/// </summary>
/// <param name="Key">
/// <c>note:ID</c>; <c>PLACE:ID</c> for a note that passed somewhere; <c>reaction:NOTE:USER:EMOJI</c>; <c>TYPE:ID</c> for what is about a
/// user, a poll or a report; <c>cron:RULE:TIME</c>; or <c>event:EVENTID</c> for everything else.
/// </param>
/// <param name="Recurs">
/// Whether the same key can happen again (someone follows, leaves and follows anew): then two deliveries are one event only if
/// they came by different hooks or sources within 60 s of <see cref="Event.CreatedAt"/>. Otherwise the key is unique for ever.
/// </param>
public sealed record Subject(string Key, bool Recurs)
{
    /// <summary>What it is about; shortened where it is too long for an index.</summary>
    public string Key { get; init; } = IndexKey.Of(Key);

    /// <summary>How far apart the reports of one recurring event by different hooks may lie.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
}
