using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>Steps that were begun and are taken up again later, when much may have changed.</summary>
public sealed class HalfDoneTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    private const string Newest = """
        rules:
          - name: pong
            on: mention
            overlap: restart
            do:
              - reply: PONG!
        """;

    private const string OnceBack = """
        rules:
          - name: back
            on: followed
            limit: once per user
            do:
              - follow: user
        """;

    [Fact]
    public async Task An_answer_that_the_server_put_off_is_dropped_when_it_has_become_late()
    {
        var stage = new Stage(Pong);
        stage.Outcomes.Enqueue(new ActionOutcome.RateLimited(TimeSpan.FromHours(2)));

        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromHours(2));

        Assert.Single(stage.Sent);
        Assert.Equal((RunState.Skipped, Gates.Late), (stage.OnlyRun.State, stage.OnlyRun.Gate));
        Assert.Equal(StepState.Skipped, stage.OnlyRun.Steps["do[0]"].State);
    }

    [Fact]
    public async Task A_call_that_waits_for_its_repetition_is_not_sent_once_its_rule_is_on_trial()
    {
        var stage = new Stage(OnceBack);
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));

        await stage.HappenAsync("followed", Some.Follower());
        stage.Load(OnceBack.Replace("limit:", "enabled: dry-run\n    limit:", StringComparison.Ordinal));
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Single(stage.Sent);
        Assert.Equal("dry run: shown, not sent", stage.OnlyRun.Steps["do[0]"].Reason);
    }

    [Fact]
    public async Task A_follow_that_may_have_arrived_keeps_its_place_though_the_repetition_finds_it_done()
    {
        var stage = new Stage(OnceBack);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("no answer in time"));
        stage.Outcomes.Enqueue(new ActionOutcome.Done(Already: true));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        var verdicts = await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(2, stage.Sent.Count);
        Assert.Equal(Gates.Limit, Assert.Single(verdicts).Gate);
    }

    [Fact]
    public async Task A_follow_at_which_the_program_died_keeps_its_place_though_the_repetition_finds_it_done()
    {
        var stage = new Stage(OnceBack) { Fault = new InvalidOperationException("killed") };
        await Assert.ThrowsAsync<RunFaultException>(() => stage.HappenAsync("followed", Some.Follower()));
        stage.Outcomes.Enqueue(new ActionOutcome.Done(Already: true));

        await stage.TakeOverAsync(stage.OnlyRun.Id);
        await stage.WorkAsync();
        var verdicts = await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(2, stage.Sent.Count);
        Assert.Equal((RunState.Succeeded, "it was so already"), (stage.OnlyRun.State, stage.OnlyRun.Steps["do[0]"].Reason));
        Assert.Equal(Gates.Limit, Assert.Single(verdicts).Gate);
    }

    [Fact]
    public async Task A_run_whose_place_was_taken_before_its_first_call_sends_nothing()
    {
        var stage = new Stage(Newest);
        await stage.HearOnlyAsync("mention", Some.Mention(noteId: "n1"));

        await stage.WorkAsync(meanwhile: () => stage.HearOnlyAsync("mention", Some.Mention(noteId: "n2")));

        Assert.Empty(stage.Sent);
        Assert.Equal(RunState.Cancelled, stage.Store.Runs.First().State);
        Assert.Empty(stage.Store.Runs.First().Steps);
    }

    [Fact]
    public async Task A_run_whose_place_was_taken_before_it_tries_again_sends_nothing_more()
    {
        var stage = new Stage(Newest);
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n1"));
        stage.Time.Advance(TimeSpan.FromSeconds(1));

        await stage.WorkAsync(meanwhile: () => stage.HearOnlyAsync("mention", Some.Mention(noteId: "n2")));

        Assert.Single(stage.Sent);
        Assert.Equal(RunState.Cancelled, stage.Store.Runs.First().State);
        Assert.Equal(StepState.Pending, stage.Store.Runs.First().Steps["do[0]"].State);
    }

    [Fact]
    public async Task A_fault_is_told_with_the_run_as_far_as_it_had_come()
    {
        var stage = new Stage(Pong) { Fault = new InvalidOperationException("broken") };

        var fault = await Assert.ThrowsAsync<RunFaultException>(() => stage.HappenAsync("mention", Some.Mention()));

        Assert.Equal("broken", fault.Fault.Message);
        Assert.Equal(StepState.Intended, fault.Run.Steps["do[0]"].State);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("1000000000000")]
    public async Task A_wait_of_an_impossible_length_fails_the_run_with_a_sentence(string seconds)
    {
        var stage = new Stage($$"""
            rules:
              - name: slow
                on: mention
                do:
                  - wait: ${number('{{seconds}}')}
                  - reply: PONG!
            """);

        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal((RunState.Failed, $"a wait lasts 0 to 3650 days, not {seconds} seconds"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }
}
