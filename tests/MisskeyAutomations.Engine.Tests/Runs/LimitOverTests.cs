using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class LimitOverTests
{
    private static string Rule(string limit, string more = "") => $$"""
        rules:
          - name: r
            on: mention
            {{more}}
            limit: {{limit}}
            do:
              - react: 👍
              - log: ${note.id}
        """;

    [Fact]
    public async Task Delayed_runs_go_in_order_as_places_get_free_and_their_wait_is_not_late()
    {
        var stage = new Stage(Rule("{ max: 2, within: 1h, over: delay }", "late: 5m")) { FindsAll = true };
        for (var i = 1; i <= 5; i++)
        {
            await stage.HappenAsync("mention", Some.Mention(noteId: $"n{i}"));
            await stage.PassAsync(TimeSpan.FromMinutes(1));
        }

        var atOnce = Logs(stage);
        var due = stage.Store.Runs.Skip(2).Select(run => (run.WaitsFor, run.DueAt - new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero))).ToArray();
        await stage.PassAsync(TimeSpan.FromMinutes(56));
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        var tick = TimeSpan.FromMilliseconds(1);
        Assert.Equal(["n1", "n2"], atOnce);
        Assert.Equal(
            [(WaitReason.Place, TimeSpan.FromMinutes(60) + tick), (WaitReason.Place, TimeSpan.FromMinutes(61) + tick), (WaitReason.Place, TimeSpan.FromMinutes(120) + (2 * tick))],
            due);
        Assert.Equal(["n1", "n2", "n3", "n4"], Logs(stage));
        await stage.PassAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(["n1", "n2", "n3", "n4", "n5"], Logs(stage));
    }

    [Fact]
    public async Task A_newcomer_stands_behind_those_that_wait()
    {
        var stage = new Stage(Rule("{ max: 1, within: 1h, over: delay }")) { FindsAll = true };
        await stage.HappenAsync("mention", Some.Mention(noteId: "n1"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));

        // n1's place has run out, n2 is due at this very moment and has not begun yet.
        stage.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n3"));

        Assert.Equal(["n1", "n2"], Logs(stage));
        Assert.Equal(WaitReason.Place, stage.Store.Runs.Last().WaitsFor);
    }

    [Fact]
    public async Task A_place_that_is_given_back_moves_all_that_wait_one_ahead()
    {
        var stage = new Stage(Rule("{ max: 1, within: 1h, over: delay }", "when: user.id != 'idle' or minute() < 10\n    after: 20m")) { FindsAll = true };
        await stage.HappenAsync("mention", Some.Mention(noteId: "n1", user: "idle"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n3"));
        var before = stage.Store.Runs.Skip(1).Select(run => run.DueAt).ToArray();

        // n1 does not hold any more after its 20 minutes.
        await stage.PassAsync(TimeSpan.FromMinutes(20));
        await stage.WorkAsync();
        await stage.WorkAsync();

        var runs = stage.Store.Runs.ToArray();
        Assert.Equal(Gates.NoLongerHolds, runs[0].Gate);
        Assert.Equal((WaitReason.After, stage.Time.GetUtcNow().AddMinutes(20)), (runs[1].WaitsFor, runs[1].DueAt));
        Assert.Equal(WaitReason.Place, runs[2].WaitsFor);
        Assert.Equal(stage.Time.GetUtcNow().AddHours(1).AddMilliseconds(1), runs[2].DueAt);
        Assert.True(runs[2].DueAt < before[1], $"{runs[2].DueAt} lies before {before[1]}");
    }

    [Fact]
    public async Task Calendar_places_are_free_when_the_next_period_begins()
    {
        var stage = new Stage("defaults: { timezone: Asia/Tokyo }\n" + Rule("{ max: 1, per: user, within: day, over: delay }")) { FindsAll = true };
        await stage.HappenAsync("mention", Some.Mention(noteId: "n1"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n3"));

        Assert.Equal(
            [new DateTimeOffset(2026, 5, 5, 0, 0, 0, TimeSpan.FromHours(9)), new DateTimeOffset(2026, 5, 6, 0, 0, 0, TimeSpan.FromHours(9))],
            stage.Store.Runs.Skip(1).Select(run => run.DueAt!.Value));
        await stage.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal(["n1", "n2"], Logs(stage));
    }

    [Fact]
    public async Task After_a_standstill_overdue_runs_do_not_all_go_at_once()
    {
        var stage = new Stage(Rule("{ max: 1, within: 1h, over: delay }", "late: 24h")) { FindsAll = true };
        for (var i = 1; i <= 4; i++)
        {
            await stage.HappenAsync("mention", Some.Mention(noteId: $"n{i}"));
        }

        await stage.PassAsync(TimeSpan.FromHours(10));

        Assert.Equal(["n1", "n2"], Logs(stage));
        await stage.PassAsync(TimeSpan.FromHours(1.1));
        Assert.Equal(["n1", "n2", "n3"], Logs(stage));
    }

    [Fact]
    public async Task Steps_over_a_limit_run_at_once_without_a_place_and_the_verdict_says_so()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                after: 1h
                limit:
                  - { max: 2, per: user, within: day }
                  - max: 1
                    per: user
                    within: 1h
                    over:
                      - log: too often, ${user.id}
                      - if: user.isBot
                        then:
                          - log: a bot
                      - log: wait a little
                do:
                  - react: 👍
            """);
        await stage.HappenAsync("mention", Some.Mention());

        var verdict = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "n2")));

        Assert.Equal((Gates.Limit, "1 per user per 1h: the one place for user:u2 is taken by run 1 (2026-05-04 12:00:00 +00:00); the next is free at 2026-05-04 13:00:00 +00:00", true), (verdict.Gate, verdict.Because, verdict.Runs));
        Assert.Equal(["log too often, u2", "log wait a little"], stage.Sent);
        var over = stage.Store.Runs.Last();
        Assert.Equal((RunState.Succeeded, "over-2"), (over.State, over.Branch));
        Assert.Equal(["over-2[0]", "over-2[1]", "over-2[2]"], over.Steps.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_expressions_never_count_together()
    {
        var stage = new Stage(Rule("[1 per (user.id) per day, 1 per (note.userId) per day, 2 per (note.id) per day]")) { FindsAll = true };

        await stage.HappenAsync("mention", Some.Mention());
        var other = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "u2", user: "n1")));
        var same = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "n3")));

        Assert.Null(other.Gate);
        Assert.Equal("1 per (user.id) per day: the one place for (user.id):u2 is taken by run 1 (2026-05-04 12:00:00 +00:00); the next is free at 2026-05-05 00:00:00 +00:00", same.Because);
    }

    [Fact]
    public async Task A_run_that_became_dry_gives_its_real_place_back()
    {
        const string Real = "rules: [{ name: r, on: mention, limit: 1 per day, after: 1h, do: { react: 👍 } }]";
        var stage = new Stage(Real);
        await stage.HappenAsync("mention", Some.Mention());
        stage.Load(Real.Replace("on:", "enabled: dry-run, on:", StringComparison.Ordinal));
        await stage.PassAsync(TimeSpan.FromHours(1));
        stage.Load(Real);

        var verdict = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "n2")));

        Assert.Empty(stage.Sent);
        Assert.Null(verdict.Gate);
    }

    private static List<string> Logs(Stage stage) => [.. stage.Sent.Where(sent => sent.StartsWith("log ", StringComparison.Ordinal)).Select(sent => sent[4..])];
}
