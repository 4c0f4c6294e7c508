using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class OverlapTests
{
    private static string Rule(string overlap, string more = "", string on = "followed") => $$"""
        rules:
          - name: r
            on: {{on}}
            overlap: {{overlap}}
            {{more}}
            do:
              - log: begin ${user.id}
              - wait: 10m
              - log: end ${user.id}
        """;

    [Fact]
    public async Task Parallel_runs_know_nothing_of_each_other()
    {
        var stage = new Stage(Rule("parallel")) { FindsAll = true };

        await stage.HappenAsync("followed", Some.Follower("a"));
        await stage.HappenAsync("followed", Some.Follower("b"));

        Assert.Equal(["log begin a", "log begin b"], stage.Sent);
    }

    [Fact]
    public async Task Skip_refuses_while_a_run_is_unfinished()
    {
        var stage = new Stage(Rule("skip")) { FindsAll = true };
        await stage.HappenAsync("followed", Some.Follower("a"));

        var refused = Assert.Single(await stage.HappenAsync("followed", Some.Follower("b")));
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        var granted = Assert.Single(await stage.HappenAsync("followed", Some.Follower("c")));

        Assert.Equal((Gates.Overlap, "run 1 of this rule is unfinished (overlap: skip)"), (refused.Gate, refused.Because));
        Assert.Null(granted.Gate);
        Assert.Equal(["log begin a", "log end a", "log begin c"], stage.Sent);
    }

    [Fact]
    public async Task A_key_tells_runs_apart()
    {
        var stage = new Stage(Rule("skip per user")) { FindsAll = true };

        await stage.HappenAsync("followed", Some.Follower("a"));
        await stage.HappenAsync("followed", Some.Follower("b"));
        await stage.HappenAsync("followed", Some.Follower("a"));

        Assert.Equal(["log begin a", "log begin b"], stage.Sent);
    }

    [Fact]
    public async Task Queued_runs_go_one_after_the_other_in_the_order_of_arrival_and_their_wait_is_not_late()
    {
        var stage = new Stage(Rule("queue", "late: 5m")) { FindsAll = true };
        foreach (var user in (string[])["a", "b", "c"])
        {
            await stage.HappenAsync("followed", Some.Follower(user));
        }

        var waiting = stage.Store.Runs.Skip(1).Select(run => (run.State, run.WaitsFor, run.DueAt)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            await stage.PassAsync(TimeSpan.FromMinutes(10));
            await stage.WorkAsync();
        }

        Assert.All(waiting, run => Assert.Equal((RunState.Waiting, WaitReason.Turn, null), run));
        Assert.Equal(["log begin a", "log end a", "log begin b", "log end b", "log begin c", "log end c"], stage.Sent);
        Assert.All(stage.Store.Runs, run => Assert.Equal(RunState.Succeeded, run.State));
    }

    [Fact]
    public async Task A_queued_run_asks_its_condition_again_and_takes_its_place_only_then()
    {
        var stage = new Stage(Rule("queue", "when: hour() < 13\n    limit: 2 per day")) { FindsAll = true };
        await stage.HappenAsync("followed", Some.Follower("a"));
        await stage.HappenAsync("followed", Some.Follower("b"));

        await stage.PassAsync(TimeSpan.FromHours(1));
        await stage.WorkAsync();

        var queued = stage.Store.Runs.Last();
        Assert.Equal((RunState.Skipped, Gates.NoLongerHolds), (queued.State, queued.Gate));
        Assert.Equal(["log begin a", "log end a"], stage.Sent);
    }

    [Fact]
    public async Task A_queued_run_that_finds_its_limit_full_is_refused_by_it()
    {
        var stage = new Stage(Rule("queue", "limit: 1 per day").Replace("log: begin ${user.id}", "follow: user", StringComparison.Ordinal)) { FindsAll = true };
        await stage.HappenAsync("followed", Some.Follower("a"));
        await stage.HappenAsync("followed", Some.Follower("b"));

        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await stage.WorkAsync();

        Assert.Equal([null, Gates.Limit], stage.Store.Runs.Select(run => run.Gate));
    }

    [Fact]
    public async Task A_run_that_waits_for_certainty_holds_nobody_up()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                overlap: queue
                do:
                  - reply: one
                  - log: two
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("the connection broke"));
        await stage.HappenAsync("mention", Some.Mention());

        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));

        Assert.Equal(["reply one", "reply one", "log two"], stage.Sent);
    }

    [Fact]
    public async Task Restart_cancels_the_unfinished_run_and_takes_over_its_place()
    {
        var stage = new Stage(Rule("restart per user", "limit: 1 per user per day")) { FindsAll = true };
        await stage.HappenAsync("followed", Some.Follower("a"));

        await stage.PassAsync(TimeSpan.FromMinutes(5));
        var verdict = Assert.Single(await stage.HappenAsync("followed", Some.Follower("a")));
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        var sent = stage.Sent.ToArray();
        var third = Assert.Single(await stage.HappenAsync("followed", Some.Follower("a")));

        Assert.Equal((null, "it takes the place of run 1 (overlap: restart)"), (verdict.Gate, verdict.Because));
        Assert.Equal(["log begin a", "log begin a", "log end a"], sent);
        Assert.Equal([RunState.Cancelled, RunState.Succeeded, RunState.Waiting], stage.Store.Runs.Select(run => run.State));
        Assert.Equal("run 2 of a newer event took its place (overlap: restart)", stage.Store.Runs.First().Reason);
        // Logs have no effect outside, so the place was given back at the end.
        Assert.Null(third.Gate);
    }

    [Fact]
    public async Task A_place_that_was_taken_over_from_a_run_that_acted_is_not_given_back()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                overlap: restart per user
                limit: 1 per user per day
                do:
                  - if: contains(note.said, 'act')
                    then:
                      - reply: acted
                  - wait: 10m
            """);
        await stage.HappenAsync("mention", Some.Mention("act"));
        await stage.HappenAsync("mention", Some.Mention("idle", "n2"));
        await stage.PassAsync(TimeSpan.FromMinutes(10));

        var third = Assert.Single(await stage.HappenAsync("mention", Some.Mention("act", "n3")));

        Assert.Equal(Gates.Limit, third.Gate);
        Assert.Equal(["reply acted"], stage.Sent);
    }

    [Fact]
    public async Task A_restart_that_a_limit_refuses_leaves_the_unfinished_run_alone()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                overlap: restart
                limit: 1 per user per day
                do:
                  - reply: hello
                  - wait: 10m
                  - log: end
            """);
        await stage.HappenAsync("mention", Some.Mention(user: "b"));
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2", user: "a"));

        var refused = Assert.Single(await stage.HappenAsync("mention", Some.Mention(noteId: "n3", user: "b")));
        await stage.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(Gates.Limit, refused.Gate);
        Assert.Equal(["reply hello", "log end", "reply hello", "log end"], stage.Sent);
    }

    [Fact]
    public async Task A_run_that_is_at_work_stops_before_its_next_step_and_what_it_just_did_is_recorded()
    {
        var stage = new Stage(Rule("restart", on: "mention").Replace("log: begin ${user.id}", "reply: begin", StringComparison.Ordinal)) { FindsAll = true };
        stage.Outcomes.Enqueue(new ActionOutcome.Done());
        Task<IReadOnlyList<Verdict>>? second = null;
        stage.Sending = () =>
        {
            stage.Sending = null;
            second = stage.HappenAsync("mention", Some.Mention(noteId: "n2"));
        };

        await stage.HappenAsync("mention", Some.Mention());
        await second!;
        await stage.PassAsync(TimeSpan.FromMinutes(10));

        var first = stage.Store.Runs.First();
        Assert.Equal((RunState.Cancelled, "run 2 of a newer event took its place (overlap: restart)"), (first.State, first.Reason));
        Assert.Equal((StepState.Done, true), (first.Steps["do[0]"].State, first.Steps["do[0]"].HadEffect));
        Assert.Equal(["reply begin", "reply begin", "log end u2"], stage.Sent);
    }
}
