namespace MisskeyAutomations.Engine.Events;

/// <summary>One event type that rules can name under <c>on:</c>.</summary>
/// <param name="Name">As written under <c>on:</c> and as Misskey names it.</param>
/// <param name="Doc">When it happens, in the account owner's words.</param>
/// <param name="Variables">The variables that rules get beside those of every event, by name.</param>
public sealed record EventType(string Name, string Doc, IReadOnlyDictionary<string, Shape> Variables)
{
    /// <summary>Whether a note comes with it, so that it can be answered.</summary>
    public bool HasNote => Variables.ContainsKey("note");
}

/// <summary>The table of event types.</summary>
public static class EventTypes
{
    private static readonly Dictionary<string, Shape> UserOnly = new(StringComparer.Ordinal) { ["user"] = Schema.User };
    private static readonly Dictionary<string, Shape> NoteOnly = new(StringComparer.Ordinal) { ["note"] = Schema.Note };
    private static readonly Dictionary<string, Shape> NoteAndUser = new(StringComparer.Ordinal) { ["note"] = Schema.Note, ["user"] = Schema.User };

    /// <summary>The types that a user's webhook can carry. The order is that of the docs.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        new("follow", "I follow someone, or my follow request is accepted", UserOnly),
        new("followed", "someone follows me", UserOnly),
        new("unfollow", "I no longer follow someone: I unfollowed or blocked them, they blocked or removed me, or refused my request", UserOnly),
        new("note", "I post a note (one that no rule wrote; `include: self` adds those)", NoteOnly),
        new("reply", "someone replies to my note", NoteAndUser),
        new("renote", "someone renotes or quotes my note", NoteAndUser),
        new("mention", "someone mentions me, replies to me, or writes to me directly", NoteAndUser),
    ];

    /// <summary>The types of an administrator's system webhooks: named and kept, not yet offered to rules.</summary>
    public static readonly IReadOnlySet<string> System = new HashSet<string>(StringComparer.Ordinal)
    {
        "abuseReport", "abuseReportResolved", "userCreated", "inactiveModeratorsWarning",
        "inactiveModeratorsInvitationOnlyChanged", "reportAutoResolved",
    };

    /// <summary>Variables that every rule gets, whatever starts it.</summary>
    public static readonly IReadOnlyDictionary<string, Shape> Always = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["me"] = Schema.Me,
        ["event"] = Schema.Event,
        ["now"] = Shape.Text,
        ["body"] = Schema.Open,
    };

    /// <summary>The type with this exact name; null when there is none.</summary>
    public static EventType? Find(string name) => All.FirstOrDefault(type => type.Name == name);
}
