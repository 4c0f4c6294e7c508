using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// Fills the short form of a test's event up to what Misskey sends. Whatever is not given has these values: the user is <c>u1</c>,
/// <c>someone</c>, local, no bot, without a display name; a note is <c>n1</c>, public, without text; the account itself is <c>me</c>.
/// </summary>
public static class GivenEvents
{
    /// <summary>The account's own user id, and its username, in tests.</summary>
    public const string Me = "me";

    /// <summary>The server's origin in tests.</summary>
    public const string Server = "https://misskey.example";

    /// <summary>The envelope's body for an event of this type.</summary>
    /// <param name="type">One of the types of a user's webhook.</param>
    /// <param name="given">What the test says: <c>user</c> and <c>note</c>.</param>
    /// <param name="at">The time of the event, for notes that say none.</param>
    public static JsonObject Body(string type, JsonObject given, DateTimeOffset at)
    {
        var user = User(given["user"] as JsonObject);
        if (type is "follow" or "followed" or "unfollow")
        {
            return new JsonObject { ["user"] = user };
        }

        // What a test says of the author of my note makes nobody else of them.
        if (type == "note" && given["note"]?["user"] is JsonObject author && author["id"] is null)
        {
            SetIfMissing(author, "username", () => Me);
            author["id"] = Me;
        }

        var note = Note(given["note"] as JsonObject, type == "note" ? User(Myself()) : user, at);
        switch (type)
        {
            case "reply":
                SetIfMissing(note, "reply", () => Note(new JsonObject { ["id"] = "mine" }, User(Myself()), at));
                break;
            case "renote":
                SetIfMissing(note, "renote", () => Note(new JsonObject { ["id"] = "mine" }, User(Myself()), at));
                break;
            case "mention":
                SetIfMissing(note, "mentions", () => new JsonArray(Me));
                break;
        }

        Link(note, "reply");
        Link(note, "renote");
        return new JsonObject { ["note"] = note };
    }

    /// <summary>The body of a reply with another note answered: one that a rule posted.</summary>
    public static string Answering(string body, System.Text.Json.JsonElement posted)
    {
        var happening = (JsonObject)JsonNode.Parse(body)!;
        var note = (JsonObject)happening["note"]!;
        note["reply"] = Merge((JsonObject)note["reply"]!, (JsonObject)JsonNode.Parse(posted.GetRawText())!);
        Link(note, "reply");
        return happening.ToJsonString();
    }

    /// <summary>An event of any type that is one word, with its defaults.</summary>
    internal static Given.Happens Happening(EventType type, JsonObject given, DateTimeOffset at) => type.Origin switch
    {
        EventOrigin.Webhook => new(type.Name, Body(type.Name, given, at).ToJsonString()),
        EventOrigin.SystemWebhook => new(type.Name, SystemBody(type.Name, given, at).ToJsonString()),
        _ => new("notification", Notification(type.Name, given, at).ToJsonString()) { Source = "streaming" },
    };

    /// <summary>A note that passes somewhere, as the stream gives it.</summary>
    internal static JsonObject PassingNote(JsonObject given, DateTimeOffset at) => (JsonObject)Body("passing", given, at)["note"]!.DeepClone();

    // As the stream and the list of notifications give it.
    private static JsonObject Notification(string type, JsonObject given, DateTimeOffset at)
    {
        var notification = new JsonObject { ["id"] = "notification1", ["type"] = type };
        if (type is not "pollEnded")
        {
            notification["user"] = User(given["user"] as JsonObject);
        }

        if (type is "reaction" or "pollEnded")
        {
            var author = type == "pollEnded" && given["user"] is JsonObject other ? other : Myself();
            notification["note"] = Note(given["note"] as JsonObject, User(author), at);
        }

        if (type == "reaction")
        {
            notification["reaction"] = given["reaction"]?.DeepClone() ?? "👍";
        }

        return notification;
    }

    private static JsonObject SystemBody(string type, JsonObject given, DateTimeOffset at)
    {
        if (type == "userCreated")
        {
            return User(given["user"] as JsonObject);
        }

        if (given["report"] is null && type.StartsWith("inactive", StringComparison.Ordinal))
        {
            return given["body"]?.DeepClone() as JsonObject ?? [];
        }

        var user = User(given["user"] as JsonObject);
        var reporter = User(new JsonObject { ["id"] = "u2", ["username"] = "reporter" });
        var report = Merge(
            new JsonObject
            {
                ["id"] = "report1",
                ["createdAt"] = Iso(at),
                ["targetUserId"] = user["id"]!.DeepClone(),
                ["targetUser"] = user,
                ["targetUserHost"] = null,
                ["reporterId"] = "u2",
                ["reporter"] = reporter,
                ["reporterHost"] = null,
                ["assigneeId"] = null,
                ["assignee"] = null,
                ["resolved"] = type != "abuseReport",
                ["resolvedAs"] = null,
                ["forwarded"] = false,
                ["comment"] = "",
                ["category"] = "other",
                ["moderationNote"] = "",
            },
            given["report"] as JsonObject);
        return type == "reportAutoResolved" ? new JsonObject { ["report"] = report } : report;
    }

    private static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject Myself() => new() { ["id"] = Me, ["username"] = Me };

    private static JsonObject User(JsonObject? given)
    {
        var user = new JsonObject
        {
            ["id"] = "u1",
            ["name"] = null,
            ["username"] = "someone",
            ["host"] = null,
            ["avatarUrl"] = null,
            ["isBot"] = false,
            ["isCat"] = false,
            ["emojis"] = new JsonObject(),
            ["onlineStatus"] = "unknown",
            ["badgeRoles"] = new JsonArray(),
            ["instance"] = null,
        };
        return Merge(user, given);
    }

    private static JsonObject Note(JsonObject? given, JsonObject author, DateTimeOffset at)
    {
        var user = given?["user"] is JsonObject own ? User(own) : author;
        var note = new JsonObject
        {
            ["id"] = "n1",
            ["createdAt"] = Iso(at),
            ["userId"] = user["id"]!.DeepClone(),
            ["user"] = user,
            ["text"] = null,
            ["cw"] = null,
            ["visibility"] = "public",
            ["localOnly"] = false,
            ["fileIds"] = new JsonArray(),
            ["files"] = new JsonArray(),
            ["replyId"] = null,
            ["renoteId"] = null,
        };
        var inner = given?.DeepClone() as JsonObject;
        inner?.Remove("user");
        foreach (var quoted in (string[])["reply", "renote"])
        {
            if (inner?[quoted] is JsonObject other)
            {
                inner[quoted] = Note(other, User(Myself()), at);
            }
        }

        var whole = Merge(note, inner);
        if (whole["visibility"]?.ToString() == "specified")
        {
            SetIfMissing(whole, "visibleUserIds", () => new JsonArray(Me));
        }

        return whole;
    }

    private static void Link(JsonObject note, string other)
    {
        if (note[other] is JsonObject linked && linked["id"] is { } id)
        {
            note[$"{other}Id"] = id.DeepClone();
            note[$"{other}UserId"] = linked["userId"]?.DeepClone();
        }
    }

    private static void SetIfMissing(JsonObject node, string name, Func<JsonNode> value)
    {
        if (node[name] is null)
        {
            node[name] = value();
        }
    }

    private static JsonObject Merge(JsonObject defaults, JsonObject? given)
    {
        foreach (var (name, value) in given ?? [])
        {
            defaults[name] = value?.DeepClone();
        }

        return defaults;
    }
}
