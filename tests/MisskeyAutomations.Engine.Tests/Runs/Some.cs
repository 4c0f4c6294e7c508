namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>Bodies of webhook events.</summary>
internal static class Some
{
    public static string Follower(string id = "u2", string more = "") =>
        $$$"""{"user":{"id":"{{{id}}}","username":"mei","name":null,"host":null,"isBot":false{{{more}}}}}""";

    /// <summary>The bare answer to a look-up.</summary>
    public static string Answer(MisskeyAutomations.Engine.Events.Lookup lookup) =>
        $$"""{ "id": "{{lookup.Key}}", "username": "mei", "text": "hi", "visibility": "public", "userId": "u2", "user": { "id": "u2", "username": "mei" } }""";

    public static string Bot() => """{"user":{"id":"b1","username":"bot","name":null,"host":null,"isBot":true}}""";

    public static string Mention(string text = "hi", string noteId = "n1", string user = "u2", string visibility = "public", string more = "") =>
        $$$"""
        {"note":{"id":"{{{noteId}}}","createdAt":"2026-05-04T12:00:00.000Z","userId":"{{{user}}}","user":{"id":"{{{user}}}","username":"mei","name":null,"host":null,"isBot":false},
        "text":"{{{text}}}","cw":null,"visibility":"{{{visibility}}}","localOnly":false,"fileIds":[],"files":[],"replyId":null,"renoteId":null,"mentions":["me"]{{{more}}}}}
        """;

    public static string OwnNote(string text = "hi", string noteId = "n1") => Mention(text, noteId, "me").Replace("\"mentions\":[\"me\"]", "\"mentions\":[]", StringComparison.Ordinal);
}
