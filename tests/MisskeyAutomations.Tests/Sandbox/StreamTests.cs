using System.Net.WebSockets;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>The sandbox's stream compared with what a real server streamed to alice, and its manners.</summary>
public sealed class StreamTests
{
    private static readonly string[] Varying =
        ["text", "renoteCount", "repliesCount", "reactionCount", "reactions", "reactionAndUserPairCache", "expiresAt", "updatedAt", "votes", "isLocked", "mentions", "reaction", "name", "choices", "onlineStatus"];

    private static readonly Case[] Cases =
    [
        new("note", "homeTimeline", "note", s => s.World.Post(s.Alice, "hi")),
        new("mention", "main", "mention", s => s.World.Post(s.Bob, "@alice hi")),
        new("mention", "main", "notification", s => s.World.Post(s.Bob, "@alice hi")),
        new("reply", "main", "reply", s => s.World.Reply(s.Bob, s.Hers(), "hi")),
        new("renote", "main", "renote", s => s.World.Renote(s.Bob, s.Hers())),
        new("quote", "main", "notification", s => s.World.Quote(s.Bob, s.Hers(), "hi")),
        new("follow", "main", "follow", s => s.World.Follow(s.Alice, s.Carol)),
        new("follow", "main", "notification", s => s.World.Follow(s.Alice, s.Carol)),
        new("followed", "main", "followed", s => s.World.Follow(s.Bob, s.Alice)),
        new("followed", "main", "notification", s => s.World.Follow(s.Bob, s.Alice)),
        new("unfollow", "main", "unfollow", s =>
        {
            s.World.Follow(s.Alice, s.Carol);
            s.World.Unfollow(s.Alice, s.Carol);
        }),
        new("reaction", "main", "notification", s => s.World.React(s.Bob, s.Hers(), "🎉")),
        new("receiveFollowRequest", "main", "receiveFollowRequest", s =>
        {
            s.World.Change(s.Alice, isLocked: true);
            s.World.Follow(s.World.AddAccount("frank"), s.Alice);
        }),
        new("poll-ended", "main", "notification", s =>
        {
            s.World.Post(s.Alice, new NoteDraft { Text = "?", Poll = new PollDraft(["x", "y"]) { ExpiredAfter = TimeSpan.FromSeconds(5) } });
            s.Time.Advance(TimeSpan.FromSeconds(5));
        }),
    ];

    public static TheoryData<string> Names() => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_message_looks_as_it_was_recorded(string name)
    {
        var one = Cases.Single(known => known.Name == name);
        await using var stage = await Stage.SetAsync();
        stage.World.Post(stage.Alice, "first");
        await using var ear = await StreamEar.ConnectAsync(stage.Server.Url, stage.Alice.Token);
        await ear.AskAsync(one.Channel);

        one.Act(stage);
        var told = await ear.BodyAsync(one.Channel, one.Type);

        Assert.Equal(JsonShape.Of(RecordedBody(one), Varying), JsonShape.Of(told, Varying));
    }

    [Fact]
    public async Task A_token_is_taken_in_the_header_and_in_the_address_and_one_without_read_account_is_refused()
    {
        await using var stage = await Stage.SetAsync();

        await using (var inHeader = await StreamEar.ConnectAsync(stage.Server.Url, stage.World.IssueToken(stage.Alice, "read:account")))
        {
            await inHeader.AskAsync("main");
        }

        await using var inQuery = await StreamEar.ConnectAsync(stage.Server.Url, stage.Alice.Token, inQuery: true);
        await inQuery.AskAsync("main");
        Assert.Equal(401, await StreamEar.RefusalAsync(stage.Server.Url, stage.World.IssueToken(stage.Alice, "write:notes")));
        Assert.Equal(401, await StreamEar.RefusalAsync(stage.Server.Url, "nobody's"));
        stage.World.Suspend(stage.Alice);
        Assert.Equal(403, await StreamEar.RefusalAsync(stage.Server.Url, stage.Alice.Token));
    }

    [Fact]
    public async Task What_nobody_knows_is_passed_over_and_strangers_get_no_main()
    {
        await using var stage = await Stage.SetAsync();
        await using var ear = await StreamEar.ConnectAsync(stage.Server.Url, null);

        await ear.SayAsync("no JSON");
        await ear.SayAsync("""{"type":"connect","body":{"channel":"main","id":"1","pong":true}}""");
        await ear.SayAsync("""{"type":"connect","body":{"channel":"flibber","id":"2","pong":true}}""");
        await ear.SayAsync("""{"type":"dance"}""");
        await ear.AskAsync("localTimeline");
        stage.World.Post(stage.Bob, "hi");

        Assert.Equal("hi", (await ear.BodyAsync("localTimeline", "note")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_notification_is_repeated_as_unread_after_two_seconds_unless_it_was_read_and_who_is_muted_is_not_told_of()
    {
        await using var stage = await Stage.SetAsync();
        stage.World.Mute(stage.Alice, stage.Botty);
        await using var ear = await StreamEar.ConnectAsync(stage.Server.Url, stage.Alice.Token);
        await ear.AskAsync("main");

        stage.World.Post(stage.Botty, "@alice muted");
        var note = stage.World.Post(stage.Bob, "@alice hi");
        var told = await ear.BodyAsync("main", "notification");
        stage.Time.Advance(TimeSpan.FromSeconds(2));
        var again = await ear.BodyAsync("main", "unreadNotification");

        Assert.Equal(note.Id, told.GetProperty("note").GetProperty("id").GetString());
        Assert.Equal(told.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Whoever_is_cut_off_is_told_nothing_of_what_happened_in_between()
    {
        await using var stage = await Stage.SetAsync();
        await using var first = await StreamEar.ConnectAsync(stage.Server.Url, stage.Alice.Token);
        await first.AskAsync("main");

        stage.World.StreamsAreDown = true;
        await Assert.ThrowsAsync<WebSocketException>(() => first.NextAsync(_ => true));
        Assert.Equal(502, await StreamEar.RefusalAsync(stage.Server.Url, stage.Alice.Token));
        stage.World.Post(stage.Bob, "@alice missed");
        stage.World.StreamsAreDown = false;
        await using var second = await StreamEar.ConnectAsync(stage.Server.Url, stage.Alice.Token);
        await second.AskAsync("main");
        stage.World.Post(stage.Bob, "@alice heard");

        Assert.Equal("@alice heard", (await second.BodyAsync("main", "mention")).GetProperty("text").GetString());
    }

    private static JsonElement RecordedBody(Case one) =>
        File.ReadLines(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Events", "stream.jsonl")).Select(line => JsonElement.Parse(line))
            .First(line => line.GetProperty("scenario").GetString() == one.Scenario && line.GetProperty("channel").GetString() == one.Channel
                && line.GetProperty("type").GetString() == one.Type).GetProperty("body");

    private sealed record Case(string Scenario, string Channel, string Type, Action<Stage> Act)
    {
        public string Name => $"{Scenario} {Channel} {Type}";
    }
}
