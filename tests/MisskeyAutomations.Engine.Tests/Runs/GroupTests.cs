using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class GroupTests
{
    private static readonly Lookup Show = new(LookupKind.UserShow, "u2");

    private const string Three = """
        rules:
          - name: otherwise
            on: [mention, reply]
            group: g
            do: { log: otherwise }
          - name: help
            on: mention
            group: g
            when: contains(note.said, 'help')
            limit: 1 per day
            do: { react: 🆘 }
          - name: me
            on: mention
            group: g
            when: contains(note.said, 'me')
            do: { log: me }
        """;

    [Theory]
    [InlineData("help me", "react 🆘")]
    [InlineData("me", "log me")]
    [InlineData("hm", "log otherwise")]
    public async Task The_first_that_holds_takes_the_event_and_one_without_condition_comes_last(string text, string sent)
    {
        var stage = new Stage(Three);

        var verdicts = await stage.HappenAsync("mention", Some.Mention(text));

        Assert.Equal([sent], stage.Sent);
        Assert.Equal(["otherwise", "help", "me"], verdicts.Select(verdict => verdict.Rule));
        Assert.Single(verdicts, verdict => verdict.Gate is null);
    }

    [Fact]
    public async Task A_full_limit_does_not_pass_the_event_on()
    {
        var stage = new Stage(Three);
        await stage.HappenAsync("mention", Some.Mention("help"));

        var verdicts = await stage.HappenAsync("mention", Some.Mention("help me", "n2"));

        Assert.Equal(["react 🆘"], stage.Sent);
        Assert.Equal(
            [(Gates.Group, "'help' of group 'g' took the event"), (Gates.Limit, "1 per day: the one place is taken by run 1 (2026-05-04 12:00:00 +00:00); the next is free at 2026-05-05 00:00:00 +00:00"), (Gates.Group, "'help' of group 'g' took the event")],
            verdicts.Select(verdict => (verdict.Gate, verdict.Because)));
    }

    [Fact]
    public async Task A_rule_that_an_earlier_gate_refuses_does_not_take_the_event()
    {
        var stage = new Stage("""
            rules:
              - { name: people, on: followed, group: g, do: { log: people } }
              - { name: all, on: followed, group: g, include: bots, do: { log: all } }
            """);

        await stage.HappenAsync("followed", Some.Bot());

        Assert.Equal(["log all"], stage.Sent);
    }

    [Fact]
    public async Task An_else_belongs_to_the_no_of_its_own_rule()
    {
        var stage = new Stage("""
            rules:
              - { name: a, on: followed, group: g, when: user.isBot, do: { log: a }, else: { log: not a } }
              - { name: b, on: followed, group: g, do: { log: b }, else: { log: not b } }
              - { name: c, on: followed, group: g, when: not user.isBot, do: { log: c }, else: { log: not c } }
            """);

        await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(["log not a", "log c"], stage.Sent);
    }

    [Theory]
    [InlineData("""{"id":"u2","description":"hi","followersCount":9}""", "log described", 1)]
    [InlineData("""{"id":"u2","description":null,"followersCount":9}""", "log known", 2)]
    [InlineData("""{"id":"u2","description":null,"followersCount":0}""", "log otherwise", 2)]
    public async Task Rules_behind_one_that_needs_a_look_up_wait_for_its_answer_and_just_one_takes_the_event(string answer, string sent, int runs)
    {
        var stage = new Stage("""
            rules:
              - { name: described, on: followed, group: g, when: has(user.description), do: { log: described } }
              - { name: known, on: followed, group: g, when: user.followersCount > 5, do: { log: known } }
              - { name: otherwise, on: followed, group: g, do: { log: otherwise } }
            """);
        stage.Answers[Show] = new LookupAnswer.Failed("busy");
        var verdicts = await stage.HappenAsync("followed", Some.Follower());
        var waiting = stage.OnlyRun;
        stage.Answers[Show] = new LookupAnswer.Found(JsonDocument.Parse(answer).RootElement);

        await stage.PassAsync(TimeSpan.FromSeconds(2));
        await stage.WorkAsync();
        await stage.WorkAsync();

        Assert.Equal([null, Gates.Group, Gates.Group], verdicts.Select(verdict => verdict.Gate));
        Assert.Equal(["known", "otherwise"], waiting.GroupRest);
        Assert.Equal([sent], stage.Sent);
        Assert.Equal(runs, stage.Store.Runs.Count);
        // The look-up was tried twice for the first rule; those behind it know its answer where they are decided at once.
        Assert.InRange(stage.Asked.Count, 2, 3);
    }

    [Fact]
    public async Task A_look_up_that_fails_for_good_is_no_no()
    {
        var stage = new Stage("""
            rules:
              - { name: a, on: followed, late: 1m, group: g, when: has(user.description), do: { log: a } }
              - { name: b, on: followed, group: g, do: { log: b } }
            """);
        stage.Answers[Show] = new LookupAnswer.Failed("busy");
        await stage.HappenAsync("followed", Some.Follower());

        for (var i = 0; i < 20; i++)
        {
            await stage.PassAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Empty(stage.Sent);
        Assert.Equal(RunState.Failed, stage.OnlyRun.State);
    }
}
