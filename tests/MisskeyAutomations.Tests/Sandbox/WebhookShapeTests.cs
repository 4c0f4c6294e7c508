using System.Text;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Webhooks compared with recorded ones: keys, their order, kinds, and every value that does not vary by server.</summary>
public sealed class WebhookShapeTests
{
    private const string FirstText = "おはよう Misskey! 🐰 今日は webhook の実験です。";

    private static readonly Case[] Cases =
    [
        new("followed-plain", "alice", s => s.World.Follow(s.Bob, s.Alice)),
        new("followed-by-bot", "alice", s => s.World.Follow(s.Botty, s.Alice)),
        new("follow-plain-at-bob", "bob", s => s.World.Follow(s.Bob, s.Alice)) { Ignored = ["updatedAt"] },
        new("follow-by-bot-at-botty", "botty", s => s.World.Follow(s.Botty, s.Alice)) { Ignored = ["updatedAt"] },
        new("follow-request-accepted", "alice", s => s.World.AcceptRequest(s.Dave, s.Alice)) { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("unfollow-plain", "alice", s => s.World.Unfollow(s.Alice, s.Carol)) { Given = s => s.World.Follow(s.Alice, s.Carol) },
        new("unfollow-request-rejected", "alice", s => s.World.RejectRequest(s.Dave, s.Alice)) { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("unfollow-blocked-at-carol", "carol", s => s.World.Block(s.Alice, s.Carol)) { Given = s => s.World.Follow(s.Carol, s.Alice), Ignored = ["updatedAt"] },
        new("unfollow-i-block", "alice", s => s.World.Block(s.Alice, s.Carol)) { Given = s => s.World.Follow(s.Alice, s.Carol), Ignored = ["updatedAt"] },
        new("unfollow-blocked-pending", "alice", s => s.World.Block(s.Dave, s.Alice)) { Given = s => s.World.Follow(s.Alice, s.Dave) },
        new("unfollow-invalidated-at-carol", "carol", s => s.World.RemoveFollower(s.Alice, s.Carol)) { Given = s => s.World.Follow(s.Carol, s.Alice), Ignored = ["updatedAt"] },
        new("note-plain", "alice", s => s.World.Post(s.Alice, FirstText)),
        new("note-cw", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = "ネタバレ本文です", Cw = "ネタバレ注意 ⚠" })),
        new("note-hashtags", "alice", s => s.World.Post(s.Alice, "#misskey #実験タグ と #Tag_2 です")),
        new("note-mfm", "alice", s => s.World.Post(s.Alice, "$[tada もじもじ] **太字** `code` <small>小</small>\n> 引用\nhttps://example.com/?q=1&a=[b]")),
        new("note-localOnly", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = Text("note-localOnly"), LocalOnly = true })),
        new("note-likeOnly", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = Text("note-likeOnly"), ReactionAcceptance = "likeOnly" })),
        new("note-specified", "alice", s => s.World.Message(s.Alice, s.Bob, "bob さんへ内緒の話")),
        new("note-specified-nobody", "alice", s => s.World.Post(s.Alice, Text("note-specified-nobody")!, NoteVisibility.Specified)),
        new("note-poll", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = "どっち？", Poll = new PollDraft(["きのこ", "たけのこ"]) { ExpiredAfter = TimeSpan.FromHours(1) } })),
        new("note-poll-multiple", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = "複数可", Poll = new PollDraft(["a", "b", "c"]) { Multiple = true } })),
        new("note-channel", "alice", s => s.World.Post(s.Alice, new NoteDraft { Text = "チャンネル投稿", ChannelId = s.World.AddChannel(s.Bob, "実験チャンネル").Id })),
        new("note-file-only", "alice", s => s.World.Post(s.Alice, new NoteDraft { FileIds = [s.World.AddFile(s.Alice, "写真.png", "image/png", "png"u8, "代替テキスト").Id] })) { Ignored = ["properties", "blurhash", "thumbnailUrl"] },
        new("note-self-reply", "alice", s => s.World.Reply(s.Alice, s.Hers(), "自分に返信")),
        new("note-self-renote", "alice", s => s.World.Renote(s.Alice, s.Hers())) { Ignored = ["repliesCount"] },
        new("note-self-quote", "alice", s => s.World.Quote(s.Alice, s.Hers(), "自分を引用")) { Ignored = ["repliesCount"] },
        new("note-thread-own", "alice", s => s.World.Reply(s.Alice, s.World.NotesOf(s.Bob)[^1], "スレッドの続き")) { Given = s => s.World.Reply(s.Bob, s.Hers(), "返信ですよ") },
        new("note-full-acct-at-bob", "bob", s => s.World.Post(s.Bob, Text("note-full-acct-at-bob")!)),
        new("note-in-code-at-bob", "bob", s => s.World.Post(s.Bob, Text("note-in-code-at-bob")!)),
        new("mention-plain", "alice", s => s.World.Post(s.Bob, "@alice こんにちは :hinata:")),
        new("mention-in-cw", "alice", s => s.World.Post(s.Bob, new NoteDraft { Text = "本文", Cw = "@alice CW内の言及" })),
        new("mention-channel", "alice", s => s.World.Post(s.Bob, new NoteDraft { Text = "@alice チャンネルで言及", ChannelId = s.World.AddChannel(s.Bob, "実験チャンネル").Id })),
        new("mention-dm-no-mention", "alice", s => s.World.Message(s.Bob, s.Alice, Text("mention-dm-no-mention")!)),
        new("mention-dm-mention-only", "alice", s => s.World.Post(s.Bob, "@alice 宛先なしDM", NoteVisibility.Specified)),
        new("mention-dm", "alice", s => s.World.Reply(s.Bob, s.Hers(), "内緒の返信", NoteVisibility.Specified)) { Ignored = ["renoteCount", "repliesCount"] },
        new("mention-followers-not-following", "alice", s => s.World.Post(s.Carol, Text("mention-followers-not-following")!, NoteVisibility.Followers)),
        new("mention-reply-and-quote", "alice", ReplyAndQuote) { Ignored = ["renoteCount", "repliesCount"] },
        new("reply-reply-and-quote", "alice", ReplyAndQuote) { Ignored = ["renoteCount", "repliesCount"] },
        new("reply-plain", "alice", s => s.World.Reply(s.Bob, s.Hers(), Text("reply-plain")!)) { Ignored = ["renoteCount", "repliesCount"] },
        new("renote-pure", "alice", s => s.World.Renote(s.Bob, s.Hers())) { Ignored = ["repliesCount"] },
        new("renote-quote", "alice", s => s.World.Quote(s.Bob, s.Hers(), Text("renote-quote")!)) { Ignored = ["renoteCount", "repliesCount"] },
        new("renote-quote-cw", "alice", s => s.World.Post(s.Bob, new NoteDraft { Text = Text("renote-quote-cw"), Cw = Field("renote-quote-cw", "cw"), RenoteId = s.Hers().Id })) { Ignored = ["renoteCount", "repliesCount"] },
        new("renote-specified-quote-hidden", "alice", s => s.World.Post(s.Bob, new NoteDraft
        {
            Text = "内緒引用", RenoteId = s.Hers().Id, Visibility = NoteVisibility.Specified, VisibleUserIds = [s.Carol.Id],
        })) { Ignored = ["renoteCount", "repliesCount"] },
        new("renote-nested-src", "alice", s => s.World.Quote(s.Bob, s.Hers(), Text("renote-nested-src")!))
        {
            Given = s =>
            {
                s.World.AddEmoji("hinata");
                s.World.React(s.Bob, s.Hers(), "🎉");
                s.World.React(s.Carol, s.Hers(), ":hinata:");
                s.World.React(s.Alice, s.Hers(), "👀");
                s.World.React(s.Botty, s.Hers(), "👍");
            },
            Ignored = ["renoteCount", "repliesCount", "clippedCount"],
        },
    ];

    public static TheoryData<string> Names => [.. Cases.Select(@case => @case.Recording)];

    public static TheoryData<string> TestTypes => ["note", "mention", "reply", "renote", "follow", "unfollow", "followed"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_webhook_looks_like_the_recorded_one(string recording)
    {
        var @case = Cases.Single(@case => @case.Recording == recording);
        var expected = Recorded.WebhookBody(recording);
        await using var stage = await Stage.SetAsync();
        stage.World.Post(stage.Alice, FirstText);
        @case.Given(stage);
        await stage.EventsAsync();

        @case.When(stage);

        var hook = await stage.WebhookAsync(@case.At, expected.GetProperty("type").GetString()!);
        Assert.Equal(JsonShape.Of(expected, @case.Ignored), JsonShape.Of(hook.Json, @case.Ignored));
    }

    [Theory]
    [MemberData(nameof(TestTypes))]
    public async Task A_test_delivery_is_the_recorded_dummy(string type)
    {
        await using var stage = await Stage.SetAsync();
        var hookId = (await stage.CallAsync(stage.Alice, "i/webhooks/list")).Json[0].GetProperty("id").GetString();

        var answer = await stage.CallAsync(stage.Alice, "i/webhooks/test", $$"""{"webhookId":"{{hookId}}","type":"{{type}}"}""");

        Assert.Equal(204, answer.Status);
        var hook = await stage.WebhookAsync("alice", type);
        var expected = Recorded.WebhookBody($"alice-{type}-test");
        Assert.Equal(JsonShape.Of(expected), JsonShape.Of(hook.Json));
        var subject = expected.GetProperty("body").EnumerateObject().Single();
        Assert.Equal(subject.Value.GetProperty("id").GetString(), hook.Json.GetProperty("body").GetProperty(subject.Name).GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_request_has_the_recorded_headers()
    {
        var expected = Recorded.Webhook("note-plain").GetProperty("headers");
        await using var stage = await Stage.SetAsync();

        stage.World.Post(stage.Alice, FirstText);

        var hook = await stage.WebhookAsync("alice", "note");
        Assert.Equal("HTTP/1.1", hook.Protocol);
        Assert.Equal(stage.Server.Url.Authority, hook.Headers["X-Misskey-Host"]);
        Assert.Equal(hook.Json.GetProperty("hookId").GetString(), hook.Headers["X-Misskey-Hook-Id"]);
        Assert.Equal(hook.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), hook.Headers["Content-Length"]);
        Assert.False(hook.Headers.ContainsKey("Transfer-Encoding"));
        foreach (var name in (string[])["accept", "accept-encoding", "content-type", "user-agent", "x-misskey-hook-secret"])
        {
            Assert.Equal(expected.GetProperty(name).GetString(), hook.Headers[name]);
        }
        Assert.Empty(hook.Headers.Keys.Except(expected.EnumerateObject().Select(header => header.Name), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_bytes_are_unescaped_as_JavaScript_writes_them()
    {
        var recorded = Recorded.Webhook("note-chars").GetProperty("bodyText").GetString()!;
        await using var stage = await Stage.SetAsync();

        stage.World.Post(stage.Alice, Recorded.WebhookBody("note-chars").GetProperty("body").GetProperty("note").GetProperty("text").GetString()!);

        var hook = await stage.WebhookAsync("alice", "note");
        var expected = recorded[recorded.IndexOf("\"text\":", StringComparison.Ordinal)..recorded.IndexOf(",\"cw\"", StringComparison.Ordinal)];
        Assert.Contains(expected, hook.Text, StringComparison.Ordinal);
        Assert.Contains("アリス 🐇", Encoding.UTF8.GetString(hook.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_sort_by_time_and_timestamps_are_the_clocks()
    {
        await using var stage = await Stage.SetAsync();
        var first = stage.World.Post(stage.Alice, "1");
        stage.Time.Advance(TimeSpan.FromMilliseconds(1));

        var second = stage.World.Post(stage.Alice, "2");

        Assert.Matches("^[0-9a-z]{16}$", first.Id);
        Assert.True(string.CompareOrdinal(first.Id, second.Id) < 0);
        await stage.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        var hook = stage.Receiver.All.Single(hook => hook.Note.GetProperty("id").GetString() == second.Id);
        Assert.Equal("2026-11-24T03:00:00.001Z", hook.Note.GetProperty("createdAt").GetString());
        Assert.Equal(stage.Time.GetUtcNow().ToUnixTimeMilliseconds(), hook.Json.GetProperty("createdAt").GetInt64());
    }

    private static void ReplyAndQuote(Stage s) =>
        s.World.Post(s.Bob, new NoteDraft { Text = "返信かつ引用", ReplyId = s.Hers().Id, RenoteId = s.Hers().Id });

    private static string? Text(string recording) => Field(recording, "text");

    private static string? Field(string recording, string name)
    {
        var value = Recorded.WebhookBody(recording).GetProperty("body").GetProperty("note").GetProperty(name);
        return value.ValueKind is JsonValueKind.Null ? null : value.GetString();
    }

    private sealed record Case(string Recording, string At, Action<Stage> When)
    {
        public Action<Stage> Given { get; init; } = _ => { };

        public string[] Ignored { get; init; } = [];
    }
}
