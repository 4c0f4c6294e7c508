using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class GateTests
{
    private static string Rule(string more = "", string on = "mention", string step = "reply: PONG!") => $"""
        rules:
          - name: r
            on: {on}
            {more}
            do:
              - {step}
        """;

    [Fact]
    public async Task Bots_are_ignored_unless_included()
    {
        var strict = await new Stage(Rule(on: "followed", step: "follow: user")).HappenAsync("followed", Some.Bot());
        var open = await new Stage(Rule("include: bots", on: "followed", step: "follow: user")).HappenAsync("followed", Some.Bot());

        Assert.Equal(Gates.Bots, Assert.Single(strict).Gate);
        Assert.Matches("^@.+ is a bot; `include: bots` takes it$", strict[0].Because);
        Assert.Null(Assert.Single(open).Gate);
    }

    [Fact]
    public async Task Muted_people_are_ignored_unless_included()
    {
        var strict = await new Stage(Rule()).HappenAsync("mention", Some.Mention(), isMuted: true);
        var open = await new Stage(Rule("include: muted")).HappenAsync("mention", Some.Mention(), isMuted: true);

        Assert.Equal(Gates.Muted, Assert.Single(strict).Gate);
        Assert.StartsWith("the account muted or blocked @", strict[0].Because, StringComparison.Ordinal);
        Assert.Null(Assert.Single(open).Gate);
    }

    [Fact]
    public async Task A_stranger_s_name_cannot_turn_the_reason_around()
    {
        const string Body = """{"user":{"id":"u9","username":"a\u202Eb\u001B[2J","host":"evil\u2028.example","isBot":true}}""";

        var verdict = Assert.Single(await new Stage(Rule(on: "followed", step: "follow: user")).HappenAsync("followed", Body));

        Assert.Equal("@a\uFFFDb\uFFFD[2J@evil\uFFFD.example is a bot; `include: bots` takes it", verdict.Because);
    }

    [Fact]
    public async Task Own_notes_count_as_self_only_when_a_rule_wrote_them()
    {
        var byHand = await new Stage(Rule(on: "note", step: "log: x")).HappenAsync("note", Some.OwnNote(), isOurs: true);
        var byRule = await new Stage(Rule(on: "note", step: "log: x")).HappenAsync("note", Some.OwnNote(), isOurs: true, isRulesDeed: true);
        var selfMention = await new Stage(Rule(step: "log: x")).HappenAsync("mention", Some.Mention(user: "me"), isOurs: true);

        Assert.Null(Assert.Single(byHand).Gate);
        Assert.Equal(Gates.Self, Assert.Single(byRule).Gate);
        Assert.Equal(Gates.Self, Assert.Single(selfMention).Gate);
        Assert.StartsWith("a rule of this engine did it", byRule[0].Because, StringComparison.Ordinal);
        Assert.EndsWith(" is one of this engine's accounts; `include: self` takes it", selfMention[0].Because, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_events_are_late_for_answers_after_an_hour_and_for_others_after_a_day()
    {
        var answer = new Stage(Rule());
        var follow = new Stage(Rule(on: "followed", step: "follow: user"));

        var inTime = await answer.HappenAsync("mention", Some.Mention(), ago: TimeSpan.FromMinutes(59));
        var late = await answer.HappenAsync("mention", Some.Mention(noteId: "n2"), ago: TimeSpan.FromMinutes(61));
        var followInTime = await follow.HappenAsync("followed", Some.Follower(), ago: TimeSpan.FromHours(23));

        Assert.Null(Assert.Single(inTime).Gate);
        Assert.Equal(Gates.Late, Assert.Single(late).Gate);
        Assert.Contains("1h1m", Assert.Single(late).Because, StringComparison.Ordinal);
        Assert.Null(Assert.Single(followInTime).Gate);
    }

    [Fact]
    public async Task A_switched_off_rule_does_nothing()
    {
        var verdicts = await new Stage(Rule("enabled: false")).HappenAsync("mention", Some.Mention());

        Assert.Equal((Gates.Enabled, "the rule says `enabled: false`"), (Assert.Single(verdicts).Gate, verdicts[0].Because));
    }

    [Fact]
    public async Task A_dry_run_shows_its_steps_and_sends_nothing()
    {
        var stage = new Stage(Rule("enabled: dry-run"));

        await stage.HappenAsync("mention", Some.Mention());

        Assert.Empty(stage.Sent);
        Assert.Equal("reply PONG!", stage.OnlyRun.Steps["do[0]"].Intent!.Summary);
        Assert.False(stage.OnlyRun.HadEffect);
    }

    [Fact]
    public async Task The_reason_of_a_no_names_the_deciding_part_and_the_values_it_saw()
    {
        var verdicts = await new Stage(Rule("when: contains(note.said, 'ping') and not user.isBot")).HappenAsync("mention", Some.Mention("hello"));

        var verdict = Assert.Single(verdicts);
        Assert.Equal(Gates.When, verdict.Gate);
        Assert.Contains("contains(note.said, 'ping')", verdict.Because, StringComparison.Ordinal);
        Assert.Contains("hello", verdict.Because, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_grants_so_many_places_and_frees_them_as_its_window_slides()
    {
        var stage = new Stage(Rule("limit: 1 per user per 1h", on: "followed", step: "follow: user"));

        var first = await stage.HappenAsync("followed", Some.Follower());
        var second = await stage.HappenAsync("followed", Some.Follower());
        var other = await stage.HappenAsync("followed", Some.Follower("u3"));
        await stage.PassAsync(TimeSpan.FromMinutes(61));
        var later = await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal([null, Gates.Limit, null, null], new[] { first, second, other, later }.Select(verdicts => verdicts[0].Gate));
        Assert.Equal("1 per user per 1h: the one place for user:u2 is taken by run 1 (2026-05-04 12:00:00 +00:00); the next is free at 2026-05-04 13:00:00 +00:00", second[0].Because);
    }

    [Theory]
    [InlineData("2 per day", "all 2 places are taken by run 1 (2026-05-04 21:00:00 +09:00) and run 2 (2026-05-04 21:10:00 +09:00); the next is free at 2026-05-05 00:00:00 +09:00")]
    [InlineData("3 per 1h", "all 3 places are taken by run 1 (2026-05-04 21:00:00 +09:00) to run 3 (2026-05-04 21:20:00 +09:00); the next is free at 2026-05-04 22:00:00 +09:00")]
    [InlineData("once per user", "the one place for user:u2 is taken by run 1 (2026-05-04 21:00:00 +09:00); none gets free again")]
    public async Task A_full_limit_says_which_runs_fill_it_and_when_there_is_a_place_again(string limit, string because)
    {
        var stage = new Stage("defaults: { timezone: Asia/Tokyo }\n" + Rule($"limit: {limit}", on: "followed", step: "follow: user"));

        Verdict? refused = null;
        while (refused is not { Gate: Gates.Limit })
        {
            refused = Assert.Single(await stage.HappenAsync("followed", Some.Follower()));
            await stage.PassAsync(TimeSpan.FromMinutes(10));
        }

        Assert.Equal($"{limit}: {because}", refused.Because);
    }

    [Fact]
    public async Task A_run_without_effect_gives_its_place_back()
    {
        var stage = new Stage(Rule("limit: once per user", on: "followed", step: "log: seen"));

        await stage.HappenAsync("followed", Some.Follower());
        var again = await stage.HappenAsync("followed", Some.Follower());

        Assert.Null(Assert.Single(again).Gate);
    }

    [Fact]
    public async Task A_calendar_limit_begins_anew_at_midnight_of_the_rule_sets_zone()
    {
        var stage = new Stage(Rule("limit: 1 per user per day", on: "followed", step: "follow: user") + """

            defaults:
              timezone: Asia/Tokyo
            """);

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromMinutes(179));
        var before = await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromMinutes(1));
        var after = await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(Gates.Limit, Assert.Single(before).Gate);
        Assert.Null(Assert.Single(after).Gate);
    }

    [Fact]
    public async Task One_person_gets_five_answers_in_ten_minutes_and_three_in_a_thread()
    {
        var stage = new Stage(Rule());

        for (var i = 0; i < 4; i++)
        {
            await stage.HappenAsync("mention", Some.Mention(noteId: $"t{i}", more: ""","replyId":"root" """));
        }

        var inThread = stage.Sent.Count;
        for (var i = 0; i < 4; i++)
        {
            await stage.HappenAsync("mention", Some.Mention(noteId: $"n{i}"));
        }

        Assert.Equal(3, inThread);
        Assert.Equal(5, stage.Sent.Count);
        Assert.Contains(stage.Store.Runs, run => run.Steps["do[0]"] is { State: StepState.Skipped, Reason: { } reason } && reason.Contains("enough", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_a_budget_runs_wait_until_there_is_room()
    {
        var stage = new Stage(Rule(on: "followed", step: "follow: user") + """

            defaults:
              budget: { follows: 2 per 1h }
            """) { FindsAll = true };

        for (var i = 0; i < 3; i++)
        {
            await stage.HappenAsync("followed", Some.Follower($"u{i}"));
        }

        var before = stage.Sent.Count;
        await stage.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(2, before);
        Assert.Equal(["follow u0", "follow u1", "follow u2"], stage.Sent);
    }

    [Fact]
    public async Task Else_runs_when_the_condition_does_not_hold_at_first()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                when: contains(note.said, 'ping')
                limit: once per user
                do:
                  - reply: PONG!
                else:
                  - log: other
            """);

        await stage.HappenAsync("mention", Some.Mention("hello"));
        await stage.HappenAsync("mention", Some.Mention("ping", "n2"));

        Assert.Equal(["log other", "reply PONG!"], stage.Sent);
    }

    [Fact]
    public async Task If_takes_one_branch_and_stop_ends_the_run()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                do:
                  - if: contains(note.said, 'a')
                    then:
                      - log: a
                      - stop
                    else:
                      - log: b
                  - log: end
            """);

        await stage.HappenAsync("mention", Some.Mention("a"));
        await stage.HappenAsync("mention", Some.Mention("c", "n2"));

        Assert.Equal(["log a", "log b", "log end"], stage.Sent);
        Assert.All(stage.Store.Runs, run => Assert.Equal(RunState.Succeeded, run.State));
    }

    [Fact]
    public async Task A_wait_is_no_lateness()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                late: 10m
                do:
                  - wait: 2h
                  - log: after
            """);

        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromHours(2));

        Assert.Equal(["log after"], stage.Sent);
    }

    [Fact]
    public async Task A_waiting_run_finishes_on_its_own_version_and_is_cancelled_when_the_rule_goes()
    {
        var stage = new Stage(Rule("after: 1m", step: "log: old"));
        await stage.HappenAsync("mention", Some.Mention());
        stage.Load(Rule("after: 1m", step: "log: new"));
        await stage.PassAsync(TimeSpan.FromMinutes(1));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));
        stage.Load("rules: []");

        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["log old"], stage.Sent);
        Assert.Equal([RunState.Succeeded, RunState.Cancelled], stage.Store.Runs.Select(run => run.State));
    }
}
