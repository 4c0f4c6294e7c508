using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>What people are told who ask why a rule did not run, or ran otherwise than it was meant.</summary>
public sealed class GateReasonTests
{
    [Theory]
    [InlineData("specified", "", "the note's visibility is specified, and this account is not among its recipients")]
    [InlineData("followers", ""","isHidden":true""", "the server withheld the note's text")]
    public async Task What_is_not_for_the_account_is_told_apart(string visibility, string more, string because)
    {
        var stage = new Stage("rules: [{ name: r, on: mention, do: { log: x } }]");

        var verdict = Assert.Single(await stage.HappenAsync("mention", Some.Mention(visibility: visibility, more: more)));

        Assert.Equal((Gates.NotForMe, because), (verdict.Gate, verdict.Because));
    }

    [Theory]
    [InlineData("""{ any: ["contains(note.said, 'ping')", note.isReply] }""", "contains(note.said, 'ping') = false (note.said = 'hi'); note.isReply = false")]
    [InlineData("""{ any: [{ all: [note.isReply, user.isBot] }, { none: ["contains(note.said, 'h')"] }] }""", "note.isReply = false; contains(note.said, 'h') = true (note.said = 'hi')")]
    [InlineData("""{ all: ["contains(note.said, 'h')", { any: [note.isReply, user.isBot] }] }""", "note.isReply = false; user.isBot = false")]
    [InlineData("""{ none: [note.isReply, "contains(note.said, 'h')"] }""", "contains(note.said, 'h') = true (note.said = 'hi')")]
    [InlineData("""{ any: [note.isReply] }""", "note.isReply = false")]
    public async Task Every_condition_that_had_to_fail_is_told_and_no_other(string when, string because)
    {
        var stage = new Stage($"rules: [{{ name: r, on: mention, when: {when}, do: {{ log: x }} }}]");

        var verdict = Assert.Single(await stage.HappenAsync("mention", Some.Mention()));

        Assert.Equal((Gates.When, because), (verdict.Gate, verdict.Because));
    }

    [Fact]
    public async Task A_dummy_is_told_as_one()
    {
        var stage = new Stage("rules: [{ name: r, on: mention, do: { log: x } }]");

        var verdict = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "dummy-note")));

        Assert.Equal((Gates.Test, "a dummy of Misskey's test button is recorded and never acted on"), (verdict.Gate, verdict.Because));
    }

    [Fact]
    public async Task Of_several_runs_in_the_way_the_first_is_named()
    {
        var stage = new Stage("rules: [{ name: r, on: followed, overlap: queue, do: [{ wait: 10m }, { log: x }] }]");
        await stage.HappenAsync("followed", Some.Follower("a"));

        var second = Assert.Single(await stage.HappenAsync("followed", Some.Follower("b")));
        var third = Assert.Single(await stage.HappenAsync("followed", Some.Follower("c")));

        Assert.Equal((null, "run 1 of this rule is unfinished (overlap: queue)"), (second.Gate, second.Because));
        Assert.Equal((null, "run 1 and 1 more of this rule are unfinished (overlap: queue)"), (third.Gate, third.Because));
        Assert.Equal(third.Because, stage.Store.Runs.Last().Reason);
    }

    [Fact]
    public async Task An_else_that_was_taken_after_a_look_up_keeps_the_reason()
    {
        var stage = new Stage("rules: [{ name: r, on: followed, when: user.followersCount > 100, do: { log: many }, else: { log: few } }]");
        stage.Answers[new(LookupKind.UserShow, "u2")] = Found("""{"id":"u2","username":"mei","followersCount":7}""");

        await stage.HappenAsync("followed", Some.Follower());

        var later = Assert.Single(stage.Store.LaterVerdicts).Verdict;
        Assert.Equal(["log few"], stage.Sent);
        Assert.Equal((Gates.When, true, "user.followersCount > 100 = false (user.followersCount = 7)"), (later.Gate, later.TookElse, later.Because));
    }

    [Fact]
    public async Task The_steps_of_a_full_limit_that_were_taken_after_a_look_up_keep_the_reason()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: followed
                limit: { max: 1, per: (user.followersCount), within: day, over: [{ log: over }] }
                do: { follow: user }
            """);
        stage.Answers[new(LookupKind.UserShow, "u2")] = Found("""{"id":"u2","username":"mei","followersCount":7}""");
        await stage.HappenAsync("followed", Some.Follower());

        await stage.HappenAsync("followed", Some.Follower());

        var later = Assert.Single(stage.Store.LaterVerdicts).Verdict;
        Assert.Equal(["follow u2", "log over"], stage.Sent);
        Assert.Equal((Gates.Limit, true), (later.Gate, later.TookElse));
        Assert.Contains("the one place for (user.followersCount):7 is taken by run 1 (2026-05-04 12:00:00 +00:00)", later.Because, StringComparison.Ordinal);
    }

    private static LookupAnswer.Found Found(string json) => new(JsonDocument.Parse(json).RootElement);
}
