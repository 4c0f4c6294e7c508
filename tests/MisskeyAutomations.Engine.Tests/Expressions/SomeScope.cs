using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>
/// The one event that all expression cases look at, on Saturday 2026-01-31 at 08:05 UTC. `user` was looked up with users/show but
/// not with users/relation, `stranger` not at all, `ghost` was refused for good. `hidden` is a note that is not public, `x` and
/// `open` are of unknown shape.
/// </summary>
internal static class SomeScope
{
    private const string User = """
        { "id": "u1", "username": "alice", "name": "Alice アリス", "host": null, "isBot": false, "isCat": true, "avatarUrl": null,
          "emojis": {}, "onlineStatus": "online" }
        """;

    private const string Shown = """
        { "id": "u1", "username": "alice", "host": null, "description": "I like cats", "location": null, "followersCount": 12,
          "followingCount": 0, "notesCount": 3000, "createdAt": "2026-01-29T08:05:00.000Z", "isLocked": false, "roles": [], "isMuted": true }
        """;

    private const string Note = """
        { "id": "n1", "createdAt": "2026-01-30T23:30:00.000Z", "userId": "u1", "user": USER, "text": "@me Hello, ＷＯＲＬＤ! カタカナ ping 👍",
          "cw": null, "visibility": "public", "localOnly": false, "renoteCount": 3, "reactionCount": 0, "replyId": "n0", "renoteId": null,
          "reply": { "id": "n0", "text": "first", "userId": "m1", "user": { "id": "m1", "username": "me", "name": "", "host": null } },
          "files": [ { "id": "f1", "type": "image/png", "name": "a.png", "size": 1000, "isSensitive": false },
                     { "id": "f2", "type": "video/mp4", "name": "b.mp4", "size": 5000, "isSensitive": true } ],
          "fileIds": [ "f1", "f2" ], "tags": [ "cat", "旅行" ], "mentions": [ "m1" ], "poll": null }
        """;

    public static readonly ExpressionContext Context = new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal)
        {
            ["user"] = Schema.User,
            ["note"] = Schema.Note,
            ["stranger"] = Schema.User,
            ["remote"] = Schema.User,
            ["ghost"] = Schema.User,
            ["hidden"] = Schema.Note,
            ["x"] = Shape.Any,
            ["open"] = Schema.Open,
            ["nothing"] = Shape.Any,
            ["evil"] = Shape.Text,
        },
        Lists = new HashSet<string>(StringComparer.Ordinal) { "friends", "words", "numbers", "empty", "ng_words" },
        EventTypes = ["mention"],
        Place = "when",
    };

    public static Scope Make(string timeZone = "UTC", ulong seed = 1)
    {
        var scope = new Scope
        {
            Server = "https://misskey.example",
            Now = new(2026, 1, 31, 8, 5, 0, TimeSpan.Zero),
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(timeZone),
            Seed = seed,
            Lists = new Dictionary<string, Value>(StringComparer.Ordinal)
            {
                ["friends"] = Texts("alice", "bob"),
                ["words"] = Texts("ping", "ハロー", ""),
                ["ng_words"] = Texts("spam"),
                ["numbers"] = Value.Of([Value.Of(1), Value.Of(2), Value.Of(3)], ValueMarks.Markup),
                ["empty"] = Texts(),
            },
        };
        scope["user"] = Json(User);
        scope["note"] = Json(Note.Replace("USER", User, StringComparison.Ordinal));
        scope["stranger"] = Json("""{ "id": "u2", "username": "bob", "name": null, "host": "remote.example" }""");
        scope["remote"] = Json("""{ "id": "u4", "username": "bad name", "name": "@everyone $[x2 hi]", "host": "evil.example)" }""");
        scope["ghost"] = Json("""{ "id": "u3", "username": "ghost", "host": null }""");
        scope["hidden"] = Json("""{ "id": "n9", "text": "a secret", "visibility": "followers", "user": { "id": "u1", "username": "alice" }, "files": [] }""", ValueMarks.Private);
        scope["x"] = Json("""{ "text": "5", "number": 5, "yes": true, "list": ["a", 1, null], "map": { "deep": { "er": "deepest" } } }""");
        scope["open"] = Json("""{ "n": 1, "t": "t" }""");
        scope["me"] = Json("""{ "id": "m1" }""");
        scope["event"] = Json("""{ "type": "reply", "id": "e1", "createdAt": "2026-01-31T08:04:59.000Z", "source": "webhook" }""");
        scope["body"] = Json("""{ "note": { "text": "raw" } }""");
        scope["evil"] = Value.Of("@everyone #tag $[x2 a] [a](https://evil.example) **b**");
        scope.Answer(new(LookupKind.UserShow, "u1"), Json(Shown));
        scope.Answer(new(LookupKind.UserShow, "u3"), Value.Null);
        scope.Answer(new(LookupKind.UserRelation, "u3"), Value.Null);
        scope.Answer(StateKey.Of("greeted", null), Value.Of("yes"));
        scope.Answer(StateKey.Of("times", "user"), Value.Of(3));
        return scope;
    }

    public static Value Json(string json, ValueMarks marks = ValueMarks.None) => Value.From(JsonDocument.Parse(json).RootElement, marks);

    private static Value Texts(params string[] texts) => Value.Of([.. texts.Select(text => Value.Of(text, ValueMarks.Markup))], ValueMarks.Markup);
}
