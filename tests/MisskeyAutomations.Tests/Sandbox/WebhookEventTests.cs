using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Which webhooks an act fires: the table measured on two real servers.</summary>
public sealed class WebhookEventTests
{
    private static readonly Case[] Cases =
    [
        new("bob follows alice", s => s.World.Follow(s.Bob, s.Alice), "alice followed", "bob follow"),
        new("bob unfollows alice", s => s.World.Unfollow(s.Bob, s.Alice), "bob unfollow") { Given = s => s.World.Follow(s.Bob, s.Alice) },
        new("alice follows bob", s => s.World.Follow(s.Alice, s.Bob), "alice follow", "bob followed"),
        new("alice unfollows bob", s => s.World.Unfollow(s.Alice, s.Bob), "alice unfollow") { Given = s => s.World.Follow(s.Alice, s.Bob) },
        new("alice requests locked dave", s => s.World.Follow(s.Alice, s.Dave)),
        new("locked dave accepts by himself whom he follows", s => s.World.Follow(s.Alice, s.Dave), "alice follow", "dave followed")
            { Given = s => s.World.Follow(s.Dave, s.Alice) },
        new("alice requests locked dave twice, he accepts once", s => s.World.AcceptRequest(s.Dave, s.Alice), "alice follow", "dave followed")
            { Given = s => { s.World.Follow(s.Alice, s.Dave); s.World.Follow(s.Alice, s.Dave); } },
        new("dave accepts alice", s => s.World.AcceptRequest(s.Dave, s.Alice), "alice follow", "dave followed") { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("dave rejects alice", s => s.World.RejectRequest(s.Dave, s.Alice), "alice unfollow") { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("alice cancels her request", s => s.World.CancelRequest(s.Alice, s.Dave)) { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("alice removes follower carol", s => s.World.RemoveFollower(s.Alice, s.Carol), "carol unfollow") { Given = s => s.World.Follow(s.Carol, s.Alice) },
        new("alice blocks carol who follows her", s => s.World.Block(s.Alice, s.Carol), "carol unfollow") { Given = s => s.World.Follow(s.Carol, s.Alice) },
        new("alice blocks carol whom she follows", s => s.World.Block(s.Alice, s.Carol), "alice unfollow") { Given = s => s.World.Follow(s.Alice, s.Carol) },
        new("carol blocks alice who follows her", s => s.World.Block(s.Carol, s.Alice), "alice unfollow") { Given = s => s.World.Follow(s.Alice, s.Carol) },
        new("dave blocks alice who only requests", s => s.World.Block(s.Dave, s.Alice), "alice unfollow") { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("a follower is suspended", s => s.World.Suspend(s.Bob)) { Given = s => s.World.Follow(s.Bob, s.Alice) },
        new("a bot follows", s => s.World.Follow(s.Botty, s.Alice), "alice followed", "botty follow"),
        new("alice posts", s => s.World.Post(s.Alice, "hi"), "alice note"),
        new("alice posts to followers", s => s.World.Post(s.Alice, "hi", NoteVisibility.Followers), "alice note"),
        new("alice posts to nobody", s => s.World.Post(s.Alice, "hi", NoteVisibility.Specified), "alice note"),
        new("alice mentions herself", s => s.World.Post(s.Alice, "@alice me"), "alice mention", "alice note"),
        new("alice replies to herself", s => s.World.Reply(s.Alice, s.Hers(), "me"), "alice note", "alice reply"),
        new("alice renotes herself", s => s.World.Renote(s.Alice, s.Hers()), "alice note"),
        new("alice quotes herself", s => s.World.Quote(s.Alice, s.Hers(), "me"), "alice note"),
        new("bob replies", s => s.World.Reply(s.Bob, s.Hers(), "hi"), "alice mention", "alice reply", "bob note"),
        new("bob replies with @alice", s => s.World.Reply(s.Bob, s.Hers(), "@alice hi"), "alice mention", "alice reply", "bob note"),
        new("bob replies with noExtractMentions", s => s.World.Post(s.Bob, new NoteDraft { Text = "hi", ReplyId = s.Hers().Id, NoExtractMentions = true }),
            "alice mention", "alice reply", "bob note"),
        new("carol replies to bob in alice's thread", s => s.World.Reply(s.Carol, s.World.NotesOf(s.Bob)[^1], "hi"),
            "bob mention", "bob reply", "carol note") { Given = s => s.World.Reply(s.Bob, s.Hers(), "first") },
        new("bob renotes", s => s.World.Renote(s.Bob, s.Hers()), "alice renote", "bob note"),
        new("bob renotes again", s => s.World.Renote(s.Bob, s.Hers()), "alice renote", "bob note") { Given = s => s.World.Renote(s.Bob, s.Hers()) },
        new("bob quotes", s => s.World.Quote(s.Bob, s.Hers(), "look"), "alice renote", "bob note"),
        new("bob replies and quotes in one", s => s.World.Post(s.Bob, new NoteDraft { Text = "x", ReplyId = s.Hers().Id, RenoteId = s.Hers().Id }),
            "alice mention", "alice renote", "alice reply", "bob note"),
        new("bob mentions in capitals", s => s.World.Post(s.Bob, "hello @ALICE"), "alice mention", "bob note"),
        new("bob mentions in the cw", s => s.World.Post(s.Bob, new NoteDraft { Text = "x", Cw = "@alice" }), "alice mention", "bob note"),
        new("bob mentions in a poll choice", s => s.World.Post(s.Bob, new NoteDraft { Text = "x", Poll = new PollDraft(["@alice", "b"]) }), "alice mention", "bob note"),
        new("bob mentions two", s => s.World.Post(s.Bob, "@alice @carol hi"), "alice mention", "bob note", "carol mention"),
        new("a mention in code", s => s.World.Post(s.Bob, "`@alice` and\n```\n@alice\n```"), "bob note"),
        new("a mention in an address", s => s.World.Post(s.Bob, "https://example.com/@alice"), "bob note"),
        new("an address that looks like mail", s => s.World.Post(s.Bob, "mail me: bob@alice"), "bob note"),
        new("a mention not to be extracted", s => s.World.Post(s.Bob, new NoteDraft { Text = "@alice", NoExtractMentions = true }), "bob note"),
        new("a full address with a port", s => s.World.Post(s.Bob, $"@alice@{s.Server.Url.Authority}"), "bob note"),
        new("a message without @alice", s => s.World.Message(s.Bob, s.Alice, "psst"), "alice mention", "bob note"),
        new("a specified note that names but does not address her", s => s.World.Post(s.Bob, "@alice", NoteVisibility.Specified), "alice mention", "bob note"),
        new("a specified reply", s => s.World.Reply(s.Bob, s.Hers(), "psst", NoteVisibility.Specified), "alice mention", "alice reply", "bob note"),
        new("a mention for followers", s => s.World.Post(s.Bob, "@alice", NoteVisibility.Followers), "alice mention", "bob note"),
        new("a specified quote for carol", s => s.World.Post(s.Bob, new NoteDraft
            {
                Text = "psst", RenoteId = s.Hers().Id, Visibility = NoteVisibility.Specified, VisibleUserIds = [s.Carol.Id],
            }),
            "alice renote", "bob note", "carol mention"),
        new("a bot mentions", s => s.World.Post(s.Botty, "@alice"), "alice mention", "botty note"),
        new("a muted one mentions", s => s.World.Post(s.Bob, "@alice"), "alice mention", "bob note") { Given = s => s.World.Mute(s.Alice, s.Bob) },
        new("a muted one replies", s => s.World.Reply(s.Bob, s.Hers(), "x"), "alice mention", "alice reply", "bob note") { Given = s => s.World.Mute(s.Alice, s.Bob) },
        new("a blocked one mentions", s => s.World.Post(s.Carol, "@alice"), "alice mention", "carol note") { Given = s => s.World.Block(s.Alice, s.Carol) },
        new("a reply in a muted thread", s => s.World.Reply(s.Bob, s.Hers(), "@alice"), "bob note") { Given = s => s.World.MuteThread(s.Alice, s.Hers()) },
        new("bob reacts", s => s.World.React(s.Bob, s.Hers(), "👍")),
        new("bob takes his reaction back", s => s.World.Unreact(s.Bob, s.Hers())) { Given = s => s.World.React(s.Bob, s.Hers(), "👍") },
        new("alice deletes", s => s.World.Delete(s.Hers())),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_act_fires_exactly_the_webhooks_that_Misskey_fires(string name)
    {
        var @case = Cases.Single(@case => @case.Name == name);
        await using var stage = await Stage.SetAsync();
        stage.World.Post(stage.Alice, "alice's note");
        @case.Given(stage);
        var before = await stage.EventsAsync();

        @case.When(stage);

        var after = (await stage.EventsAsync()).ToList();
        foreach (var earlier in before)
        {
            after.Remove(earlier);
        }
        Assert.Equal(@case.Fires, after, StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_inactive_hook_gets_nothing_also_later()
    {
        await using var stage = await Stage.SetAsync();
        await stage.CallAsync(stage.Alice, "i/webhooks/update", $$"""{"webhookId":"{{await HookIdAsync(stage)}}","active":false}""");
        stage.World.Post(stage.Alice, "unheard");

        await stage.CallAsync(stage.Alice, "i/webhooks/update", $$"""{"webhookId":"{{await HookIdAsync(stage)}}","active":true}""");
        stage.World.Post(stage.Alice, "heard");

        await stage.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        Assert.Equal("heard", Assert.Single(stage.Receiver.All).Note.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Each_hook_and_each_event_has_its_own_event_id()
    {
        await using var stage = await Stage.SetAsync();
        stage.World.AddWebhook(stage.Alice, stage.Receiver.Url + "/alice", "", "mention", "reply");
        var note = stage.World.Post(stage.Alice, "hi");

        stage.World.Reply(stage.Bob, note, "hi");

        await stage.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        var ids = stage.Receiver.All.Select(hook => hook.EventId).ToArray();
        Assert.Equal(6, ids.Length);
        Assert.Equal(6, ids.ToHashSet(StringComparer.Ordinal).Count);
        Assert.All(ids, id => Assert.Equal(4, Guid.Parse(id).Version));
    }

    private static async Task<string> HookIdAsync(Stage stage) =>
        (await stage.CallAsync(stage.Alice, "i/webhooks/list")).Json[0].GetProperty("id").GetString()!;

    private sealed record Case(string Name, Action<Stage> When, params string[] Fires)
    {
        public Action<Stage> Given { get; init; } = _ => { };
    }
}
