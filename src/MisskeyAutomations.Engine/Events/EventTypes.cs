namespace MisskeyAutomations.Engine.Events;

/// <summary>Where the events of a type come from.</summary>
public enum EventOrigin
{
    /// <summary>A user's webhook (and streaming).</summary>
    Webhook,

    /// <summary>A webhook of the server's administrators, with a secret of its own.</summary>
    SystemWebhook,

    /// <summary>Misskey's list of notifications, and its stream: no webhook brings it.</summary>
    Notifications,

    /// <summary>The stream of Misskey alone.</summary>
    Streaming,

    /// <summary>The engine itself, which compares lists of followers.</summary>
    Engine,

    /// <summary>The clock.</summary>
    Clock,
}

/// <summary>One event type that rules can name under <c>on:</c>.</summary>
/// <param name="Name">As <c>event.type</c> gives it; a type that is one word is written so under <c>on:</c>.</param>
/// <param name="Doc">When it happens, in the account owner's words.</param>
/// <param name="Variables">The variables that rules get beside those of every event, by name.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record EventType(string Name, string Doc, IReadOnlyDictionary<string, Shape> Variables, EventOrigin Origin = EventOrigin.Webhook)
{
    /// <summary>Whether a note comes with it, so that it can be answered.</summary>
    public bool HasNote => Variables.ContainsKey("note");
}

/// <summary>The table of event types.</summary>
public static class EventTypes
{
    private static readonly Dictionary<string, Shape> Nothing = Variables();
    private static readonly Dictionary<string, Shape> UserOnly = Variables(("user", Schema.User));
    private static readonly Dictionary<string, Shape> NoteOnly = Variables(("note", Schema.Note));
    private static readonly Dictionary<string, Shape> NoteAndUser = Variables(("note", Schema.Note), ("user", Schema.User));
    private static readonly Dictionary<string, Shape> UserAndReport = Variables(("user", Schema.User), ("report", Schema.Report));

    /// <summary>The types that are written as one word. The order is that of the docs.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        new("follow", "I follow someone, or my follow request is accepted", UserOnly),
        new("followed", "someone follows me", UserOnly),
        new("unfollow", "I no longer follow someone: I unfollowed or blocked them, they blocked or removed me, or refused my request", UserOnly),
        new("note", "I post a note (one that no rule wrote; `include: self` adds those)", NoteOnly),
        new("reply", "someone replies to my note", NoteAndUser),
        new("renote", "someone renotes or quotes my note", NoteAndUser),
        new("mention", "someone mentions me, replies to me, or writes to me directly", NoteAndUser),
        new("reaction", "someone reacts to my note; `reaction` is spelt as `react:` takes it",
            Variables(("reaction", Shape.Text), ("note", Schema.Note), ("user", Schema.User)), EventOrigin.Notifications),
        new("followRequest", "someone asks to follow me", UserOnly, EventOrigin.Notifications),
        new("followRequestAccepted", "someone whom I asked to follow lets me", UserOnly, EventOrigin.Notifications),
        new("pollEnded", "a poll ends that is mine or that I voted in", NoteOnly, EventOrigin.Notifications),
        new("unfollowed", "a follower left me", UserOnly, EventOrigin.Engine),
        new("abuseReport", "someone reports `user` to the moderators", UserAndReport, EventOrigin.SystemWebhook),
        new("abuseReportResolved", "a moderator closes a report about `user`", UserAndReport, EventOrigin.SystemWebhook),
        new("reportAutoResolved", "the server closes a report by itself", Variables(("report", Schema.Report)), EventOrigin.SystemWebhook),
        new("userCreated", "someone registers on the server", UserOnly, EventOrigin.SystemWebhook),
        new("inactiveModeratorsWarning", "moderators were away for long; `body.remainingTime` says how long registration stays open", Nothing, EventOrigin.SystemWebhook),
        new("inactiveModeratorsInvitationOnlyChanged", "moderators were away for too long: registration needs an invitation now", Nothing, EventOrigin.SystemWebhook),
    ];

    /// <summary>The type of what the clock brings, written <c>{ cron: … }</c>.</summary>
    public static readonly EventType Cron = new("cron", "the clock says so", Nothing, EventOrigin.Clock);

    /// <summary>The places where notes pass, written <c>{ timeline: home }</c> and so on, with what each takes.</summary>
    public static readonly IReadOnlyList<EventPlace> Places =
    [
        new("timeline", "home or local", "a note appears on this timeline"),
        new("antenna", "the name of an antenna", "one of my antennas catches a note"),
        new("list", "the name of a list", "someone on one of my lists posts a note"),
        new("channel", "the name of a channel", "a note is posted in a channel"),
        new("hashtag", "a tag without #", "a public note has this tag"),
    ];

    /// <summary>Variables that every rule gets, whatever starts it.</summary>
    public static readonly IReadOnlyDictionary<string, Shape> Always = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["me"] = Schema.Me,
        ["event"] = Schema.Event,
        ["now"] = Shape.Text,
        ["body"] = Schema.Open,
    };

    /// <summary>The type with this exact name; null when there is none that is one word.</summary>
    public static EventType? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>Whether an event type is that of a note which passes at a place.</summary>
    public static bool IsPlace(string type) => Places.Any(place => type.Length > place.Key.Length && type[place.Key.Length] == ':' && type.StartsWith(place.Key, StringComparison.Ordinal));

    /// <summary>The type of a note that passes at a place: <c>timeline:home</c>, <c>antenna:NAME</c> …</summary>
    public static EventType At(string place, string name) =>
        new($"{place}:{name}", "a note passes there", NoteAndUser, EventOrigin.Streaming);

    private static Dictionary<string, Shape> Variables(params ReadOnlySpan<(string Name, Shape Shape)> variables)
    {
        var table = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var (name, shape) in variables)
        {
            table.Add(name, shape);
        }

        return table;
    }
}

/// <summary>A kind of place where notes pass.</summary>
/// <param name="Key">As written under <c>on:</c>.</param>
/// <param name="Takes">What stands behind the key, in words.</param>
/// <param name="Doc">When it happens, in the account owner's words.</param>
public sealed record EventPlace(string Key, string Takes, string Doc);
