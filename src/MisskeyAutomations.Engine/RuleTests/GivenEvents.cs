using System.Text.Json.Nodes;

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
            ["createdAt"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
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
