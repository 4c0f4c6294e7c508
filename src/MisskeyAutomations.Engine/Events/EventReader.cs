using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Turns a delivery's JSON into its typed meaning. Never throws for what the door accepts.</summary>
public static class EventReader
{
    private static readonly string[] NoteTypes = ["note", "reply", "renote", "mention"];
    private static readonly string[] FollowTypes = ["follow", "followed", "unfollow"];

    /// <summary>Reads one webhook envelope.</summary>
    /// <param name="envelope">The whole request body: <c>server hookId userId eventId createdAt type body</c>.</param>
    /// <param name="account">The account whose address it came to.</param>
    /// <param name="receivedAt">When it arrived; stands in for a <c>createdAt</c> that is missing or not a time.</param>
    /// <param name="source"><c>webhook</c>, <c>streaming</c>, <c>catch-up</c> or <c>cron</c>.</param>
    public static Event Read(JsonElement envelope, string account, DateTimeOffset receivedAt, string source = "webhook")
    {
        var type = envelope.GetText("type") ?? "";
        var body = envelope.Find("body") ?? default;
        var me = envelope.GetText("userId");
        var id = envelope.GetText("eventId") ?? "";
        var note = NoteTypes.Contains(type) ? body.FindObject("note") : null;
        var user = note is { } n ? OtherParty(n, me) : body.FindObject("user");
        var types = note is { } meant ? Meanings(meant, type, me) : [type];

        return new Event
        {
            Account = account,
            Id = id,
            HookId = envelope.GetText("hookId"),
            Types = types,
            Subject = SubjectOf(type, id, note, user),
            CreatedAt = CreatedAt(envelope, receivedAt),
            Source = source,
            Standing = StandingOf(type, note, user, me),
            Server = (envelope.GetText("server") ?? "").TrimEnd('/'),
            MeId = me,
            Body = body,
            Note = note,
            User = FollowTypes.Contains(type) || note is not null ? user : null,
        };
    }

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

    private static Subject SubjectOf(string type, string eventId, JsonElement? note, JsonElement? user) =>
        note?.GetText("id") is { Length: > 0 } noteId ? new($"note:{noteId}", Recurs: false)
        : FollowTypes.Contains(type) && user?.GetText("id") is { Length: > 0 } userId ? new($"{type}:{userId}", Recurs: true)
        : new($"event:{eventId}", Recurs: false);

    private static EventStanding StandingOf(string type, JsonElement? note, JsonElement? user, string? me)
    {
        if (IsDummy(note) || IsDummy(user))
        {
            return EventStanding.Test;
        }

        if (NoteTypes.Contains(type))
        {
            return note?.GetText("id") is { Length: > 0 } ? StandingOf(note.Value, me) : EventStanding.Malformed;
        }

        return !FollowTypes.Contains(type) ? EventStanding.Unknown
            : user?.GetText("id") is { Length: > 0 } ? EventStanding.Genuine : EventStanding.Malformed;
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

    // Milliseconds since 1970; whatever is no time that a calendar knows is replaced by the time of arrival.
    private static DateTimeOffset CreatedAt(JsonElement envelope, DateTimeOffset receivedAt) =>
        envelope.Find("createdAt") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var milliseconds)
        && milliseconds is > 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : receivedAt;
}
