using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Answers compared with recorded ones: keys, their order, kinds, and every value that does not vary by server.</summary>
public sealed class ApiAnswerTests
{
    private static readonly string[] Counters =
        ["updatedAt", "renoteCount", "repliesCount", "reactionCount", "reactions", "clippedCount", "text", "cw", "visibility"];

    private static readonly Case[] Cases =
    [
        new("ping", s => s.CallAsync((string?)null, "ping")) { Ignored = ["pong"] },
        new("meta", s => s.CallAsync((string?)null, "meta")) { Ignored = ["version", "uri", "name", "mediaProxy", "policies"] },
        new("i", s => s.CallAsync(s.Alice, "i")) { Ignored = ["updatedAt", "hasUnreadNotification", "unreadNotificationsCount", "loggedInDays", "webhookLimit"] },
        new("users/show", s => s.CallAsync(s.Alice, "users/show", User(s.Bob))) { Given = s => { s.World.Follow(s.Alice, s.Bob); s.World.Post(s.Bob, "x"); } },
        new("users/relation", s => s.CallAsync(s.Alice, "users/relation", User(s.Bob))) { Given = s => s.World.Follow(s.Alice, s.Bob) },
        new("users/followers", s => s.CallAsync(s.Alice, "users/followers", User(s.Alice)))
            { Given = s => s.World.Follow(s.Bob, s.Alice), Ignored = ["updatedAt", "username"] },
        new("users/following", s => s.CallAsync(s.Alice, "users/following", User(s.Alice)))
            { Given = s => s.World.Follow(s.Alice, s.Bob), Ignored = ["updatedAt"] },
        new("following/create", s => s.CallAsync(s.Bob, "following/create", User(s.Alice))),
        new("following/requests/list", s => s.CallAsync(s.Dave, "following/requests/list")) { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("blocking/create", s => s.CallAsync(s.Alice, "blocking/create", User(s.Carol))),
        new("clips/create", s => s.CallAsync(s.Alice, "clips/create", """{"name":"クリップ"}""")),
        new("users/lists/create", s => s.CallAsync(s.Alice, "users/lists/create", """{"name":"リスト"}""")),
        new("i/webhooks/create", s => s.CallAsync(s.Alice, "i/webhooks/create", """{"name":"lim0","url":"u","on":["note"]}""")),
        new("notes/create", s => s.CallAsync(s.Bob, "notes/create", """{"text":"retry probe: 配達の再試行を測る 🧪"}""")) { Ignored = ["username"] },
        new("notes/reactions", s => s.CallAsync(s.Alice, "notes/reactions", Note(s.Hers()))) { Given = TwoReactions },
        new("notes/replies", s => s.CallAsync(s.Carol, "notes/replies", Note(s.Hers())))
            { Given = s => s.World.Reply(s.Bob, s.Hers(), "x"), Ignored = Counters },
        new("notes/renotes", s => s.CallAsync(s.Carol, "notes/renotes", Note(s.Hers())))
            { Given = s => s.World.Renote(s.Carol, s.Hers()), Ignored = Counters },
        new("notes/children", s => s.CallAsync(s.Carol, "notes/children", Note(s.Hers())))
            { Given = s => s.World.Quote(s.Bob, s.Hers(), "x"), Ignored = Counters },
    ];

    public static TheoryData<string> Names => [.. Cases.Select(@case => @case.Endpoint)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_looks_like_the_recorded_one(string endpoint)
    {
        var @case = Cases.Single(@case => @case.Endpoint == endpoint);
        var recorded = Recorded.ApiAnswers().Single(call => call.GetProperty("endpoint").GetString() == endpoint).GetProperty("response");
        await using var stage = await Stage.SetAsync();
        stage.World.Post(stage.Alice, "alice's note");
        @case.Given(stage);

        var answer = await @case.When(stage);

        Assert.Equal(200, answer.Status);
        string[] ignored = [.. @case.Ignored, "onlineStatus"];
        Assert.Equal(JsonShape.Of(recorded, ignored), JsonShape.Of(answer.Json, ignored));
    }

    [Fact]
    public async Task Users_are_found_by_id_by_name_and_in_bulk()
    {
        await using var stage = await Stage.SetAsync();

        var byId = await stage.CallAsync(stage.Alice, "users/show", User(stage.Bob));
        var byName = await stage.CallAsync(stage.Alice, "users/show", """{"username":"BOB","host":null}""");
        var bulk = await stage.CallAsync(stage.Alice, "users/show", $$"""{"userIds":["{{stage.Bob.Id}}","zzzzzzzzzz","{{stage.Carol.Id}}"]}""");

        Assert.Equal(byId.Body, byName.Body);
        Assert.Equal(["bob", "carol"], bulk.Json.EnumerateArray().Select(user => user.GetProperty("username").GetString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_unknown_id_is_related_to_as_a_stranger_in_an_array()
    {
        await using var stage = await Stage.SetAsync();

        var one = await stage.CallAsync(stage.Alice, "users/relation", """{"userId":"zzzzzzzzzz"}""");
        var many = await stage.CallAsync(stage.Alice, "users/relation", $$"""{"userId":["{{stage.Bob.Id}}","{{stage.Carol.Id}}"]}""");

        Assert.False(one.Json[0].GetProperty("isFollowing").GetBoolean());
        Assert.Equal(2, many.Json.GetArrayLength());
    }

    [Fact]
    public async Task Notes_are_paged_newest_first_and_from_the_oldest_after_an_id()
    {
        await using var stage = await Stage.SetAsync();
        var ids = Enumerable.Range(0, 5).Select(i => stage.World.Post(stage.Bob, "note " + i).Id).ToArray();

        Assert.Equal([ids[4], ids[3]], await IdsAsync(stage, "\"limit\":2"), StringComparer.Ordinal);
        Assert.Equal([ids[2], ids[1], ids[0]], await IdsAsync(stage, $"\"untilId\":\"{ids[3]}\""), StringComparer.Ordinal);
        Assert.Equal([ids[2], ids[3]], await IdsAsync(stage, $"\"limit\":2,\"sinceId\":\"{ids[1]}\""), StringComparer.Ordinal);
        Assert.Equal([ids[3], ids[2]], await IdsAsync(stage, $"\"sinceId\":\"{ids[1]}\",\"untilId\":\"{ids[4]}\""), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Replies_are_listed_among_a_users_notes_only_when_asked_for()
    {
        await using var stage = await Stage.SetAsync();
        var reply = stage.World.Reply(stage.Bob, stage.World.Post(stage.Alice, "hi"), "hi");

        Assert.Empty(await IdsAsync(stage, "\"limit\":10"));
        Assert.Equal([reply.Id], await IdsAsync(stage, "\"withReplies\":true"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_note_one_may_not_see_is_shown_without_its_text_and_left_out_of_lists()
    {
        await using var stage = await Stage.SetAsync();
        var note = stage.World.Message(stage.Bob, stage.Alice, "psst");

        var shown = await stage.CallAsync(stage.Carol, "notes/show", Note(note));
        var addressee = await stage.CallAsync(stage.Alice, "notes/show", Note(note));

        Assert.True(shown.Json.GetProperty("isHidden").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, shown.Json.GetProperty("text").ValueKind);
        Assert.Equal("psst", addressee.Json.GetProperty("text").GetString());
        Assert.Equal("[]", (await stage.CallAsync(stage.Carol, "users/notes", User(stage.Bob))).Body);
    }

    [Fact]
    public async Task A_reaction_replaces_the_former_and_an_unknown_emoji_becomes_a_heart()
    {
        await using var stage = await Stage.SetAsync();
        var note = stage.World.Post(stage.Alice, "hi");

        foreach (var (reaction, kept) in (ReadOnlySpan<(string, string)>)[("👍", "👍"), (":nosuch:", "❤"), ("text", "❤"), ("🎉", "🎉")])
        {
            if (kept != stage.World.ReactionsTo(note).SingleOrDefault()?.Type)
            {
                stage.World.React(stage.Bob, note, reaction);
            }
            Assert.Equal(kept, Assert.Single(stage.World.ReactionsTo(note)).Type);
        }
    }

    [Fact]
    public async Task Notifications_after_one_come_oldest_first_and_leave_out_who_is_gone_after_the_page_was_cut()
    {
        await using var stage = await Stage.SetAsync();
        foreach (var (who, text) in ((Account, string)[])[(stage.Bob, "1"), (stage.Carol, "2"), (stage.Bob, "3"), (stage.Carol, "4"), (stage.Bob, "5")])
        {
            stage.Time.Advance(TimeSpan.FromSeconds(1));
            stage.World.Post(who, $"@alice {text}");
        }

        var first = (await stage.CallAsync(stage.Alice, "i/notifications")).Json.EnumerateArray().Last().GetProperty("id").GetString();
        stage.World.Suspend(stage.Carol);

        Assert.Equal(["@alice 3"], await PageAsync($$"""{"sinceId":"{{first}}","limit":3}"""));
        Assert.Equal(["@alice 5"], await PageAsync("""{"limit":2}"""));
        Assert.Equal(["@alice 5", "@alice 3", "@alice 1"], await PageAsync("{}"));

        async Task<string?[]> PageAsync(string body) => [.. (await stage.CallAsync(stage.Alice, "i/notifications", body)).Json
            .EnumerateArray().Select(notification => notification.GetProperty("note").GetProperty("text").GetString())];
    }

    [Fact]
    public async Task Notifications_are_marked_as_read_unless_told_otherwise()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CallAsync(stage.Alice, "notifications/create", """{"body":"本文","header":"見出し"}""");

        await stage.CallAsync(stage.Alice, "i/notifications", """{"markAsRead":false}""");
        var before = await stage.CallAsync(stage.Alice, "i");
        var list = await stage.CallAsync(stage.Alice, "i/notifications");
        var after = await stage.CallAsync(stage.Alice, "i");

        Assert.Equal(1, before.Json.GetProperty("unreadNotificationsCount").GetInt32());
        Assert.Equal(0, after.Json.GetProperty("unreadNotificationsCount").GetInt32());
        Assert.Equal(("app", "本文"), (list.Json[0].GetProperty("type").GetString(), list.Json[0].GetProperty("body").GetString()));
    }

    private static async Task<IEnumerable<string?>> IdsAsync(Stage stage, string parameters) =>
        (await stage.CallAsync(stage.Alice, "users/notes", $$"""{"userId":"{{stage.Bob.Id}}",{{parameters}} }"""))
        .Json.EnumerateArray().Select(note => note.GetProperty("id").GetString());

    private static void TwoReactions(Stage s)
    {
        s.World.AddEmoji("hinata");
        s.World.React(s.Bob, s.Hers(), "🎉");
        s.World.React(s.Carol, s.Hers(), ":hinata:");
    }

    private static string User(Account account) => $$"""{"userId":"{{account.Id}}"}""";

    private static string Note(Note note) => $$"""{"noteId":"{{note.Id}}"}""";

    private sealed record Case(string Endpoint, Func<Stage, Task<Answer>> When)
    {
        public Action<Stage> Given { get; init; } = _ => { };

        public string[] Ignored { get; init; } = ["updatedAt"];
    }
}
