using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary><c>wait-for: reply</c></summary>
public sealed class ConversationTests
{
    private const string Rules = """
        rules:
          - name: ask
            on: mention
            when: contains(note.said, 'start')
            do:
              - reply: Your name?
              - wait-for: reply
                within: 30m
                as: answer
                else:
                  - reply: Too late.
              - log: "${answer.user.username} said ${answer.note.said}"
          - name: other
            on: [mention, reply]
            when: not contains(note.said, 'start')
            do:
              - log: other
        """;

    [Fact]
    public async Task The_persons_reply_is_taken_and_starts_no_rule()
    {
        var stage = await AskedAsync();
        await stage.PassAsync(TimeSpan.FromMinutes(29));

        var verdicts = await stage.HappenAsync("reply", Reply("Mei"));

        Assert.Equal(["reply Your name?", "log mei said Mei"], stage.Sent);
        Assert.All(verdicts, verdict => Assert.Equal(Gates.Heard, verdict.Gate));
        Assert.Equal(2, verdicts.Count);
        Assert.Equal((RunState.Succeeded, TimeSpan.FromMinutes(29)), (stage.OnlyRun.State, stage.OnlyRun.Waited));
    }

    [Fact]
    public async Task Without_a_reply_the_other_steps_are_taken_and_the_run_goes_on()
    {
        var stage = await AskedAsync();

        await stage.PassAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(["reply Your name?", "reply Too late.", "log  said "], stage.Sent);
        Assert.Equal("no reply came within 30m", stage.OnlyRun.Steps["do[1]"].Reason);
        Assert.Equal(TimeSpan.FromMinutes(30), stage.OnlyRun.Waited);
    }

    [Theory]
    [InlineData("u9", "sent1", "me")]
    [InlineData("u2", "another", "me")]
    public async Task Replies_of_others_and_to_other_notes_are_events_like_any(string user, string parent, string author)
    {
        var stage = await AskedAsync();

        await stage.HappenAsync("reply", Reply("hello", user: user, parent: parent, author: author));

        Assert.Equal(["reply Your name?", "log other"], stage.Sent);
        Assert.Equal(WaitReason.Reply, stage.Store.Runs.First().WaitsFor);
    }

    [Fact]
    public async Task Replies_of_muted_people_and_withheld_ones_are_not_heard()
    {
        var stage = await AskedAsync();

        var muted = await stage.HappenAsync("reply", Reply("hello"), isMuted: true);
        var hidden = await stage.HappenAsync("reply", Reply("hello", more: ""","isHidden":true"""));

        Assert.Equal(Gates.Muted, muted.Single(verdict => verdict.Rule == "other").Gate);
        Assert.Equal(Gates.NotForMe, hidden.Single(verdict => verdict.Rule == "other").Gate);
        Assert.Equal(WaitReason.Reply, stage.OnlyRun.WaitsFor);
    }

    [Fact]
    public async Task A_reply_that_outruns_the_answer_to_the_request_is_found()
    {
        var stage = new Stage(Rules);
        Task<IReadOnlyList<Verdict>>? heard = null;
        stage.WhileSending = () => heard ??= stage.HearOnlyAsync("reply", Reply("Mei", parent: "not known yet", more: "", parentText: " Your name? ", parentReplyId: "n1"));
        stage.Outcomes.Enqueue(new ActionOutcome.Done(JsonElement.Parse("""{"id":"sent1"}""")));

        await stage.HappenAsync("mention", Some.Mention("start"));

        Assert.All(await heard!, verdict => Assert.Equal(Gates.Heard, verdict.Gate));
        Assert.Equal(["reply Your name?", "log mei said Mei"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }

    [Fact]
    public async Task Two_questions_take_two_replies_in_their_order()
    {
        var stage = new Stage("""
            rules:
              - name: ask
                on: mention
                when: contains(note.said, 'start')
                do:
                  - for-each: what in split('name colour', ' ')
                    do:
                      - reply: Your ${what}?
                        as: asked
                      - wait-for: reply
                        within: 30m
                        as: answer
                      - log: "${what} ${answer.note.said}"
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Done(JsonElement.Parse("""{"id":"sent1"}""")));
        await stage.HappenAsync("mention", Some.Mention("start"));
        stage.Outcomes.Enqueue(new ActionOutcome.Done());
        stage.Outcomes.Enqueue(new ActionOutcome.Done(JsonElement.Parse("""{"id":"sent2"}""")));

        await stage.HappenAsync("reply", Reply("Mei", noteId: "a1"));
        await stage.HappenAsync("reply", Reply("red", noteId: "a2", parent: "sent2"));

        Assert.Equal(["reply Your name?", "log name Mei", "reply Your colour?", "log colour red"], stage.Sent);
    }

    [Fact]
    public async Task Answers_in_a_conversation_do_not_count_for_the_caps_of_answers()
    {
        var stage = new Stage("""
            defaults: { replies: { per-user: 1 per 10m } }
            rules:
              - name: ask
                on: mention
                when: contains(note.said, 'start')
                do:
                  - reply: Your name?
                  - wait-for: reply
                    within: 30m
                  - reply: Thank you.
                  - reply: Bye.
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Done(JsonElement.Parse("""{"id":"sent1"}""")));
        await stage.HappenAsync("mention", Some.Mention("start"));

        await stage.HappenAsync("reply", Reply("Mei"));

        Assert.Equal(["reply Your name?", "reply Thank you.", "reply Bye."], stage.Sent);
    }

    [Fact]
    public async Task What_is_said_directly_keeps_its_mark_though_the_question_was_public()
    {
        var stage = await AskedAsync();

        await stage.HappenAsync("reply", Reply("Mei", visibility: "specified", more: ""","visibleUserIds":["me"]"""));

        var told = stage.Prepared[^1];
        Assert.True(told.Main.HoldsPrivate);
        Assert.Equal("r1", Assert.Single(told.Heard).GetProperty("id").GetString());
    }

    private static async Task<Stage> AskedAsync()
    {
        var stage = new Stage(Rules);
        stage.Outcomes.Enqueue(new ActionOutcome.Done(JsonElement.Parse("""{"id":"sent1"}""")));
        await stage.HappenAsync("mention", Some.Mention("start"));
        return stage;
    }

    private static string Reply(
        string text, string noteId = "r1", string user = "u2", string parent = "sent1", string author = "me", string visibility = "public",
        string more = "", string parentText = "Your name?", string parentReplyId = "n1") =>
        Some.Mention(text, noteId, user, visibility, more).Replace(
            "\"replyId\":null",
            $$$"""
            "replyId":"{{{parent}}}","reply":{"id":"{{{parent}}}","userId":"{{{author}}}","text":"{{{parentText}}}","cw":null,"replyId":"{{{parentReplyId}}}","renoteId":null,"visibility":"public"}
            """,
            StringComparison.Ordinal);
}
