using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Turns a delivery's JSON into its typed meaning. Never throws for what the door accepts.</summary>
public static class EventReader
{
    /// <summary>Reads one envelope.</summary>
    /// <param name="envelope">
    /// The whole request body: <c>server hookId userId eventId createdAt type body</c>. Administrators' webhooks have no <c>userId</c>.
    /// Streamed messages are put into such an envelope with the stream's own <c>type</c> and <c>body</c>; a note that passed somewhere
    /// has the <c>place</c> beside them, such as <c>timeline:home</c>.
    /// </param>
    /// <param name="account">The account whose address it came to.</param>
    /// <param name="receivedAt">When it arrived; stands in for a <c>createdAt</c> that is missing or not a time.</param>
    /// <param name="source"><c>webhook</c>, <c>streaming</c>, <c>catch-up</c>, <c>followers</c> or <c>cron</c>.</param>
    /// <param name="knownMe">The account's own user id, for envelopes that do not name it; null when it is not known.</param>
    public static Event Read(JsonElement envelope, string account, DateTimeOffset receivedAt, string source = "webhook", string? knownMe = null)
    {
        var meaning = DeliveryMeaning.Of(envelope, source);
        var me = envelope.GetText("userId") ?? knownMe;
        var id = envelope.GetText("eventId") ?? "";
        return new Event
        {
            Account = account,
            Id = id,
            HookId = envelope.GetText("hookId"),
            Types = meaning is { IsOfNote: true, Note: { } note } ? Meanings(note, meaning.Type, me) : [meaning.Type],
            Subject = SubjectOf(meaning, id),
            CreatedAt = CreatedAt(envelope, receivedAt),
            Source = source,
            Standing = StandingOf(meaning, envelope, me),
            Server = (envelope.GetText("server") ?? "").TrimEnd('/'),
            MeId = me,
            Body = envelope.Find("body") ?? default,
            Note = meaning.Note,
            User = meaning is { Note: { } written } and ({ IsOfNote: true } or { IsPlace: true }) ? OtherParty(written, me) : meaning.User,
            Report = meaning.Report,
            Reaction = meaning.Reaction,
            ForRule = meaning.ForRule,
        };
    }

    /// <summary>The time that a <c>createdAt</c> means.</summary>
    /// <param name="milliseconds">Since 1970, as the sender wrote them.</param>
    /// <returns>Null when it is none that a calendar knows.</returns>
    public static DateTimeOffset? TimeOf(long milliseconds) =>
        milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    // A reply is a mention too; a note written to me directly is one as well. My own renotes are notes and nothing else.
    private static string[] Meanings(JsonElement note, string delivered, string? me)
    {
        var meanings = new HashSet<string>(StringComparer.Ordinal) { delivered };
        var mine = me is not null && note.GetText("userId") == me;
        if (me is not null)
        {
            var answersMe = (note.FindObject("reply")?.GetText("userId") ?? note.GetText("replyUserId")) == me;
            Add("note", mine);
            Add("reply", answersMe);
            Add("renote", !mine && note.FindObject("renote")?.GetText("userId") == me);
            Add("mention", note.ListHolds("mentions", me) || (!mine && (answersMe || IsRecipient(note, me))));
        }

        return [.. meanings.OrderBy(Particularity)];

        void Add(string type, bool holds)
        {
            if (holds)
            {
                meanings.Add(type);
            }
        }
    }

    // My own note is a note first: a rule on `note` must see `event.type` as `note` even when it mentions or answers me.
    private static int Particularity(string type) => type switch
    {
        "note" => 0,
        "reply" => 1,
        "renote" => 2,
        "mention" => 3,
        _ => 4,
    };

    private static bool IsRecipient(JsonElement note, string me) =>
        note.GetText("visibility") == "specified" && note.ListHolds("visibleUserIds", me);

    private static JsonElement? OtherParty(JsonElement note, string? me) =>
        me is not null && note.GetText("userId") == me ? null : note.FindObject("user");

    private static Subject SubjectOf(DeliveryMeaning meaning, string eventId)
    {
        var (type, note, user) = (meaning.Type, IdOf(meaning.Note), IdOf(meaning.User));
        return meaning switch
        {
            { IsOfNote: true } when note is not null => new($"note:{note}", Recurs: false),
            { IsPlace: true } when note is not null => new($"{type}:{note}", Recurs: false),
            { Type: "reaction" } when note is not null && user is not null => new($"reaction:{note}:{user}:{meaning.Reaction}", Recurs: false),
            { Type: "pollEnded" } when note is not null => new($"pollEnded:{note}", Recurs: false),
            { Type: "userCreated" } when user is not null => new($"userCreated:{user}", Recurs: false),
            { IsOfUser: true } when user is not null => new($"{type}:{user}", Recurs: true),
            { IsOfReport: true } when IdOf(meaning.Report) is { } report => new($"{type}:{report}", Recurs: false),
            { Type: "inactiveModeratorsWarning" or "inactiveModeratorsInvitationOnlyChanged" } => new(type, Recurs: true),
            _ => new(meaning.ForRule is null ? $"event:{eventId}" : eventId, Recurs: false),
        };
    }

    private static EventStanding StandingOf(DeliveryMeaning meaning, JsonElement envelope, string? me)
    {
        if (IsDummy(meaning.Note) || IsDummy(meaning.User) || IsDummy(meaning.Report) || IsDummyWarning(meaning.Type, envelope)
            || (meaning.Note is { } posted && ProofNote.Is(posted, me)))
        {
            return EventStanding.Test;
        }

        return meaning.LacksItsMatter ? EventStanding.Malformed
            : meaning.Note is { } note && (meaning.IsOfNote || meaning.IsPlace) ? StandingOf(note, me)
            : meaning.ForRule is not null || EventTypes.Find(meaning.Type) is not null ? EventStanding.Genuine : EventStanding.Unknown;
    }

    private static EventStanding StandingOf(JsonElement note, string? me)
    {
        var withheld = note.GetText("visibility") == "specified"
            && (me is null || (note.GetText("userId") != me && !note.ListHolds("visibleUserIds", me)));
        return withheld ? note.IsTrue("isHidden") ? EventStanding.Hidden : EventStanding.NotForMe
            : note.IsTrue("isHidden") ? EventStanding.Hidden : EventStanding.Genuine;
    }

    // Dummy ids of i/webhooks/test hold a '-', which no id scheme of Misskey can.
    private static bool IsDummy(JsonElement? entity) =>
        entity?.GetText("id") is { } id && id.StartsWith("dummy-", StringComparison.Ordinal);

    // Misskey's test button claims a day where it says 100 seconds.
    private static bool IsDummyWarning(string type, JsonElement envelope) =>
        type == "inactiveModeratorsWarning"
        && envelope.FindObject("body")?.FindObject("remainingTime") is { } remaining
        && remaining.IsNumber("time", 100_000) && remaining.IsNumber("asHours", 24);

    private static string? IdOf(JsonElement? entity) => entity?.GetText("id") is { Length: > 0 } id ? id : null;

    // Whatever is no time is replaced by the time of arrival.
    private static DateTimeOffset CreatedAt(JsonElement envelope, DateTimeOffset receivedAt) =>
        envelope.Find("createdAt") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var milliseconds) ? TimeOf(milliseconds) ?? receivedAt : receivedAt;
}
