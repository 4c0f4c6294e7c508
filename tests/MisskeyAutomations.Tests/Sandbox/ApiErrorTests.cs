using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Refusals compared with recorded ones: status, message, code, constant id, kind, the challenge header.</summary>
public sealed class ApiErrorTests
{
    private static readonly Case[] Cases =
    [
        new("blocking/create", "ALREADY_BLOCKING", s => s.CallAsync(s.Alice, "blocking/create", User(s.Bob))) { Given = s => s.World.Block(s.Alice, s.Bob) },
        new("blocking/create", "BLOCKEE_IS_YOURSELF", s => s.CallAsync(s.Alice, "blocking/create", User(s.Alice))),
        new("blocking/delete", "NOT_BLOCKING", s => s.CallAsync(s.Alice, "blocking/delete", User(s.Bob))),
        new("following/create", "ALREADY_FOLLOWING", s => s.CallAsync(s.Bob, "following/create", User(s.Alice))) { Given = s => s.World.Follow(s.Bob, s.Alice) },
        new("following/create", "BLOCKED", s => s.CallAsync(s.Bob, "following/create", User(s.Alice))) { Given = s => s.World.Block(s.Alice, s.Bob) },
        new("following/create", "BLOCKING", s => s.CallAsync(s.Alice, "following/create", User(s.Bob))) { Given = s => s.World.Block(s.Alice, s.Bob) },
        new("following/create", "FOLLOWEE_IS_YOURSELF", s => s.CallAsync(s.Bob, "following/create", User(s.Bob))),
        new("following/create", "NO_SUCH_USER", s => s.CallAsync(s.Bob, "following/create", """{"userId":"zzzzzzzzzz"}""")),
        new("following/create", "INVALID_PARAM", s => s.CallAsync(s.Bob, "following/create")),
        new("following/create", "INTERNAL_ERROR", s => s.CallAsync(s.Bob, "following/create", User(s.Carol))) { Given = s => s.World.Suspend(s.Carol), MessageVaries = true },
        new("following/create", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Alice, "read:account"), "following/create", User(s.Bob))),
        new("following/delete", "NOT_FOLLOWING", s => s.CallAsync(s.Bob, "following/delete", User(s.Alice))),
        new("following/delete", "FOLLOWEE_IS_YOURSELF", s => s.CallAsync(s.Bob, "following/delete", User(s.Bob))),
        new("following/requests/accept", "NO_FOLLOW_REQUEST", s => s.CallAsync(s.Dave, "following/requests/accept", User(s.Alice))),
        new("following/requests/cancel", "FOLLOW_REQUEST_NOT_FOUND", s => s.CallAsync(s.Alice, "following/requests/cancel", User(s.Dave))),
        new("i", "CREDENTIAL_REQUIRED", s => s.CallAsync((string?)null, "i")),
        new("i", "AUTHENTICATION_FAILED", s => s.CallAsync("nosuchtoken", "i")),
        new("i", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Alice, "write:notes"), "i")),
        new("i", "YOUR_ACCOUNT_SUSPENDED", s => s.CallAsync(s.Carol, "i")) { Given = s => s.World.Suspend(s.Carol) },
        new("i/webhooks/create", "TOO_MANY_WEBHOOKS", s => s.CallAsync(s.Alice, "i/webhooks/create", """{"name":"x","url":"u","on":["note"]}"""))
            { Given = s => { s.World.AddWebhook(s.Alice, "u", ""); s.World.AddWebhook(s.Alice, "u", ""); } },
        new("i/webhooks/create", "INVALID_PARAM", s => s.CallAsync(s.Alice, "i/webhooks/create", """{"name":"a","url":"http://127.0.0.1:3910/x"}""")),
        new("i/webhooks/delete", "NO_SUCH_WEBHOOK", s => s.CallAsync(s.Alice, "i/webhooks/delete", """{"webhookId":"aaaaaaaaaa"}""")),
        new("i/webhooks/show", "NO_SUCH_WEBHOOK", s => s.CallAsync(s.Alice, "i/webhooks/show", """{"webhookId":"aaaaaaaaaa"}""")),
        new("i/webhooks/update", "NO_SUCH_WEBHOOK", s => s.CallAsync(s.Alice, "i/webhooks/update", """{"webhookId":"aaaaaaaaaa","active":false}""")),
        new("i/webhooks/test", "NO_SUCH_WEBHOOK", s => s.CallAsync(s.Alice, "i/webhooks/test", """{"webhookId":"aaaaaaaaaa","type":"note"}""")),
        new("i/webhooks/test", "ACCESS_DENIED", s => s.CallAsync(s.World.IssueToken(s.Alice, "read:account"), "i/webhooks/test", """{"webhookId":"x","type":"note"}""")),
        new("i/webhooks/list", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Alice, "write:notes"), "i/webhooks/list")),
        new("mute/create", "ALREADY_MUTING", s => s.CallAsync(s.Alice, "mute/create", User(s.Bob))) { Given = s => s.World.Mute(s.Alice, s.Bob) },
        new("mute/create", "MUTEE_IS_YOURSELF", s => s.CallAsync(s.Alice, "mute/create", User(s.Alice))),
        new("mute/delete", "NOT_MUTING", s => s.CallAsync(s.Alice, "mute/delete", User(s.Bob))),
        new("no/such", "UNKNOWN_API_ENDPOINT", s => s.CallAsync(s.Alice.Token, "no/such", method: HttpMethod.Get)),
        new("notes/create", "INVALID_PARAM", s => s.CallAsync(s.Bob, "notes/create", $$"""{"renoteId":"{{s.Hers().Id}}","text":""}""")),
        new("notes/create", "YOU_HAVE_BEEN_BLOCKED", s => s.CallAsync(s.Bob, "notes/create", $$"""{"text":"x","replyId":"{{s.Hers().Id}}"}""")) { Given = s => s.World.Block(s.Alice, s.Bob) },
        new("notes/create", "NO_SUCH_REPLY_TARGET", s => s.CallAsync(s.Bob, "notes/create", """{"text":"x","replyId":"zzzzzzzzzz"}""")),
        new("notes/create", "NO_SUCH_RENOTE_TARGET", s => s.CallAsync(s.Bob, "notes/create", """{"renoteId":"zzzzzzzzzz"}""")),
        new("notes/create", "CANNOT_RENOTE_TO_A_PURE_RENOTE", s => s.CallAsync(s.Carol, "notes/create", $$"""{"renoteId":"{{s.Latest(s.Bob).Id}}"}""")) { Given = s => s.World.Renote(s.Bob, s.Hers()) },
        new("notes/create", "CANNOT_REPLY_TO_A_PURE_RENOTE", s => s.CallAsync(s.Carol, "notes/create", $$"""{"text":"r","replyId":"{{s.Latest(s.Bob).Id}}"}""")) { Given = s => s.World.Renote(s.Bob, s.Hers()) },
        new("notes/create", "CANNOT_REPLY_TO_AN_INVISIBLE_NOTE", s => s.CallAsync(s.Carol, "notes/create", $$"""{"text":"r","replyId":"{{s.Latest(s.Bob).Id}}"}""")) { Given = s => s.World.Message(s.Bob, s.Alice, "psst") },
        new("notes/create", "CANNOT_RENOTE_DUE_TO_VISIBILITY", s => s.CallAsync(s.Carol, "notes/create", $$"""{"renoteId":"{{s.Latest(s.Bob).Id}}"}""")) { Given = s => s.World.Message(s.Bob, s.Alice, "psst") },
        new("notes/create", "CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE_WITH_EXTENDED_VISIBILITY", s => s.CallAsync(s.Alice, "notes/create", $$"""{"text":"r","replyId":"{{s.Latest(s.Bob).Id}}"}"""))
            { Given = s => s.World.Message(s.Bob, s.Alice, "psst") },
        new("notes/create", "CANNOT_CREATE_ALREADY_EXPIRED_POLL", s => s.CallAsync(s.Bob, "notes/create", """{"text":"p","poll":{"choices":["a","b"],"expiresAt":1000}}""")),
        new("notes/create", "NO_SUCH_FILE", s => s.CallAsync(s.Bob, "notes/create", """{"text":"f","fileIds":["zzzzzzzzzz"]}""")),
        new("notes/create", "NO_SUCH_CHANNEL", s => s.CallAsync(s.Bob, "notes/create", """{"text":"c","channelId":"zzzzzzzzzz"}""")),
        new("notes/create", "YOUR_ACCOUNT_SUSPENDED", s => s.CallAsync(s.Carol, "notes/create", """{"text":"x"}""")) { Given = s => s.World.Suspend(s.Carol) },
        new("notes/delete", "ACCESS_DENIED", s => s.CallAsync(s.Bob, "notes/delete", Note(s.Hers()))),
        new("notes/show", "NO_SUCH_NOTE", s => s.CallAsync(s.Bob, "notes/show", """{"noteId":"zzzzzzzzzz"}""")),
        new("notes/favorites/create", "ALREADY_FAVORITED", s => TwiceAsync(s, s.Bob, "notes/favorites/create", Note(s.Hers()))),
        new("notes/favorites/create", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Alice), "notes/favorites/create", Note(s.Hers()))),
        new("notes/favorites/delete", "NOT_FAVORITED", s => s.CallAsync(s.Bob, "notes/favorites/delete", Note(s.Hers()))),
        new("notes/reactions/create", "YOU_HAVE_BEEN_BLOCKED", s => s.CallAsync(s.Bob, "notes/reactions/create", React(s.Hers()))) { Given = s => s.World.Block(s.Alice, s.Bob) },
        new("notes/reactions/create", "INTERNAL_ERROR", s => s.CallAsync(s.Carol, "notes/reactions/create", React(s.Latest(s.Bob)))) { Given = s => s.World.Message(s.Bob, s.Alice, "psst") },
        new("notes/reactions/create", "ALREADY_REACTED", s => TwiceAsync(s, s.Bob, "notes/reactions/create", React(s.Hers()))),
        new("notes/reactions/create", "NO_SUCH_NOTE", s => s.CallAsync(s.Bob, "notes/reactions/create", """{"noteId":"zzzzzzzzzz","reaction":"👍"}""")),
        new("notes/reactions/create", "INVALID_PARAM", s => s.CallAsync(s.Bob, "notes/reactions/create", Note(s.Hers()))),
        new("notes/reactions/create", "CANNOT_REACT_TO_RENOTE", s => s.CallAsync(s.Carol, "notes/reactions/create", React(s.Latest(s.Bob)))) { Given = s => s.World.Renote(s.Bob, s.Hers()) },
        new("notes/reactions/delete", "NOT_REACTED", s => s.CallAsync(s.Bob, "notes/reactions/delete", Note(s.Hers()))),
        new("notes/reactions/create", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Bob, "read:reactions"), "notes/reactions/create", React(s.Hers()))),
        new("notifications/create", "PERMISSION_DENIED", s => s.CallAsync(s.World.IssueToken(s.Bob, "read:notifications"), "notifications/create", """{"body":"b"}""")),
        new("notifications/create", "INVALID_PARAM", s => s.CallAsync(s.Bob, "notifications/create", """{"header":"x"}""")),
        new("clips/add-note", "NO_SUCH_CLIP", s => s.CallAsync(s.Bob, "clips/add-note", $$"""{"clipId":"zzzzzzzzzz","noteId":"{{s.Hers().Id}}"}""")),
        new("clips/add-note", "ALREADY_CLIPPED", async s =>
        {
            var clip = (await s.CallAsync(s.Bob, "clips/create", """{"name":"クリップ"}""")).Json.GetProperty("id").GetString();
            return await TwiceAsync(s, s.Bob, "clips/add-note", $$"""{"clipId":"{{clip}}","noteId":"{{s.Hers().Id}}"}""");
        }),
        new("clips/add-note", "NO_SUCH_NOTE", async s =>
        {
            var clip = (await s.CallAsync(s.Bob, "clips/create", """{"name":"クリップ"}""")).Json.GetProperty("id").GetString();
            return await s.CallAsync(s.Bob, "clips/add-note", $$"""{"clipId":"{{clip}}","noteId":"zzzzzzzzzz"}""");
        }),
        new("users/lists/push", "NO_SUCH_LIST", s => s.CallAsync(s.Bob, "users/lists/push", $$"""{"listId":"zzzzzzzzzz","userId":"{{s.Alice.Id}}"}""")),
        new("users/lists/push", "ALREADY_ADDED", async s =>
        {
            var list = (await s.CallAsync(s.Bob, "users/lists/create", """{"name":"リスト"}""")).Json.GetProperty("id").GetString();
            return await TwiceAsync(s, s.Bob, "users/lists/push", $$"""{"listId":"{{list}}","userId":"{{s.Alice.Id}}"}""");
        }),
        new("users/lists/push", "NO_SUCH_USER", async s =>
        {
            var list = (await s.CallAsync(s.Bob, "users/lists/create", """{"name":"リスト"}""")).Json.GetProperty("id").GetString();
            return await s.CallAsync(s.Bob, "users/lists/push", $$"""{"listId":"{{list}}","userId":"zzzzzzzzzz"}""");
        }),
        new("users/notes", "INVALID_PARAM", s => s.CallAsync(s.Bob, "users/notes", $$"""{"userId":"{{s.Bob.Id}}","limit":101}""")),
        new("users/report-abuse", "CANNOT_REPORT_YOURSELF", s => s.CallAsync(s.Bob, "users/report-abuse", $$"""{"userId":"{{s.Bob.Id}}","comment":"x"}""")),
        new("users/show", "USER_SUSPENDED", s => s.CallAsync(s.Bob, "users/show", User(s.Carol))) { Given = s => s.World.Suspend(s.Carol) },
        new("users/show", "NO_SUCH_USER", s => s.CallAsync(s.Bob, "users/show", """{"username":"nosuchuser"}""")),
        new("users/show", "FAILED_TO_RESOLVE_REMOTE_USER", s => s.CallAsync(s.Bob, "users/show", """{"username":"x","host":"nosuch.invalid"}""")),
    ];

    public static TheoryData<string, string> Names => [.. Cases.Select(@case => (@case.Endpoint, @case.Code))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_refusal_is_the_recorded_one(string endpoint, string code)
    {
        var @case = Cases.Single(@case => @case.Endpoint == endpoint && @case.Code == code);
        var recorded = Recorded.ApiErrors().First(call => call.GetProperty("endpoint").GetString() == endpoint && CodeOf(call) == code);
        await using var stage = await Stage.SetAsync();
        stage.World.Post(stage.Alice, "alice's note");
        @case.Given(stage);

        var answer = await @case.When(stage);

        var expected = recorded.GetProperty("response").GetProperty("error");
        Assert.Equal(code, answer.Code);
        Assert.Equal(recorded.GetProperty("status").GetInt32(), answer.Status);
        string[] ignored = @case.MessageVaries ? ["message"] : [];
        Assert.Equal(JsonShape.Of(expected, ignored), JsonShape.Of(answer.Error, ignored));
        Assert.Equal(expected.GetProperty("id").GetString(), answer.Error.GetProperty("id").GetString());
        if (!@case.MessageVaries)
        {
            var challenge = recorded.GetProperty("headers").TryGetProperty("www-authenticate", out var header) ? header.GetString() : "";
            Assert.Equal(challenge, answer.Challenge);
        }
    }

    [Fact]
    public void Every_recorded_refusal_is_compared()
    {
        var compared = Cases.Select(@case => (@case.Endpoint, (string?)@case.Code)).ToHashSet();

        var missing = Recorded.ApiErrors()
            .Select(call => (Endpoint: call.GetProperty("endpoint").GetString()!, Code: CodeOf(call)))
            .Where(recorded => recorded.Code is not (null or "RATE_LIMIT_EXCEEDED" or "PROCESSING" or "REPLY_TO_BOT_NOT_ALLOWED"))
            .Where(recorded => !compared.Contains(recorded));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task An_unknown_endpoint_is_refused_in_the_shape_of_the_framework()
    {
        var recorded = Recorded.ApiErrors().First(call => call.GetProperty("label").GetString() == "unknown endpoint");
        await using var stage = await Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice, "no/such");

        Assert.Equal(404, answer.Status);
        Assert.Equal(recorded.GetProperty("response").GetRawText().Replace(" ", "", StringComparison.Ordinal), answer.Body.Replace(" ", "", StringComparison.Ordinal));
    }

    private static string? CodeOf(JsonElement call) =>
        call.GetProperty("response").GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : null;

    private static async Task<Answer> TwiceAsync(Stage stage, Account caller, string endpoint, string body)
    {
        var first = await stage.CallAsync(caller, endpoint, body);
        Assert.Equal(204, first.Status);
        return await stage.CallAsync(caller, endpoint, body);
    }

    private static string User(Account account) => $$"""{"userId":"{{account.Id}}"}""";

    private static string Note(Note note) => $$"""{"noteId":"{{note.Id}}"}""";

    private static string React(Note note) => $$"""{"noteId":"{{note.Id}}","reaction":"👍"}""";

    private sealed record Case(string Endpoint, string Code, Func<Stage, Task<Answer>> When)
    {
        public Action<Stage> Given { get; init; } = _ => { };

        public bool MessageVaries { get; init; }
    }
}
