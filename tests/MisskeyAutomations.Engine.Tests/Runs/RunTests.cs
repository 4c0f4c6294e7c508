using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class RunTests
{
    private const string FollowBack = """
        rules:
          - name: back
            on: followed
            do:
              - follow: user
        """;

    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    [Fact]
    public async Task An_event_becomes_a_run_that_acts_and_succeeds()
    {
        var stage = new Stage(FollowBack);

        await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(["follow u2"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
        Assert.Equal(StepState.Done, stage.OnlyRun.Steps["do[0]"].State);
    }

    [Fact]
    public async Task A_call_that_never_left_is_sent_again_after_a_second_and_then_twice_as_late()
    {
        var stage = new Stage(FollowBack);
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));

        await stage.HappenAsync("followed", Some.Follower());
        var first = stage.OnlyRun;
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        var second = stage.OnlyRun;
        await stage.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(WaitReason.Retry, first.WaitsFor);
        Assert.Equal(StepState.Pending, first.Steps["do[0]"].State);
        Assert.InRange(second.DueAt!.Value - first.DueAt!.Value, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.4));
        Assert.Equal(["follow u2", "follow u2", "follow u2"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }

    [Fact]
    public async Task An_answer_is_given_up_once_its_event_is_late()
    {
        var stage = new Stage(Pong);
        for (var i = 0; i < 100; i++)
        {
            stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));
        }

        await stage.HappenAsync("mention", Some.Mention());
        for (var i = 0; i < 30 && !stage.OnlyRun.HasEnded; i++)
        {
            await stage.PassAsync(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(RunState.Failed, stage.OnlyRun.State);
        Assert.Contains("gave up", stage.OnlyRun.Reason, StringComparison.Ordinal);
        Assert.InRange(stage.Time.GetUtcNow() - stage.OnlyRun.EventAt, TimeSpan.FromHours(1), TimeSpan.FromMinutes(70));
    }

    [Fact]
    public async Task A_post_of_unknown_effect_is_shown_and_never_sent_again()
    {
        var stage = new Stage(Pong);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("the answer was cut off"));

        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromDays(2));

        Assert.Equal(["reply PONG!"], stage.Sent);
        Assert.Equal((RunState.Waiting, WaitReason.Uncertain, null), (stage.OnlyRun.State, stage.OnlyRun.WaitsFor, stage.OnlyRun.DueAt));
        Assert.Equal(StepState.Uncertain, stage.OnlyRun.Steps["do[0]"].State);
    }

    [Fact]
    public async Task A_natural_call_of_unknown_effect_is_repeated()
    {
        var stage = new Stage(FollowBack);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("timed out"));
        stage.Outcomes.Enqueue(new ActionOutcome.Done(Already: true));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["follow u2", "follow u2"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }

    [Theory]
    [InlineData(FollowBack, "followed", 1, RunState.Succeeded)]
    [InlineData(Pong, "mention", 0, RunState.Waiting)]
    public async Task After_a_crash_between_intent_and_outcome_only_natural_calls_go_out_again(string rules, string type, int sent, RunState state)
    {
        var stage = new Stage(rules);
        stage.Holds.Panic = true;
        await stage.HappenAsync(type, type == "mention" ? Some.Mention() : Some.Follower());
        var held = stage.OnlyRun;
        var intended = new Step
        {
            Path = "do[0]",
            Kind = type == "mention" ? "reply" : "follow",
            State = StepState.Intended,
            Intent = new Intent { Action = type == "mention" ? "reply" : "follow", Endpoint = "x/y", Body = "\"u2\"", Summary = "", Repeat = type == "mention" ? Repeat.Never : Repeat.Natural },
            At = stage.Time.GetUtcNow(),
        };
        await stage.Store.SaveAsync(held.With(intended) with { State = RunState.Ready, WaitsFor = WaitReason.None, DueAt = stage.Time.GetUtcNow() }, [intended], TestContext.Current.CancellationToken);
        stage.Holds.Panic = false;

        await stage.WorkAsync();

        Assert.Equal(sent, stage.Sent.Count);
        Assert.Equal(state, stage.OnlyRun.State);
    }

    [Fact]
    public async Task The_servers_wish_for_patience_is_obeyed_and_costs_no_attempt()
    {
        var stage = new Stage(FollowBack);
        stage.Outcomes.Enqueue(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(90)));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromSeconds(89));
        var early = stage.Sent.Count;
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1, early);
        Assert.Equal(2, stage.Sent.Count);
        Assert.Equal(0, stage.OnlyRun.Attempts);
    }

    [Fact]
    public async Task A_refused_account_pauses_and_nothing_more_goes_out()
    {
        var stage = new Stage(FollowBack);
        stage.Outcomes.Enqueue(new ActionOutcome.AccountRefused("AUTHENTICATION_FAILED", "the token was revoked"));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.HappenAsync("followed", Some.Follower("u3"));

        Assert.Equal(["follow u2"], stage.Sent);
        Assert.All(stage.Store.Runs, run => Assert.Equal(WaitReason.Hold, run.WaitsFor));
        Assert.Contains("revoked", stage.Holds.Paused["main"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_goes_out_while_panic_is_on_and_everything_goes_afterwards()
    {
        var stage = new Stage(FollowBack) { FindsAll = true };
        stage.Holds.Panic = true;

        await stage.HappenAsync("followed", Some.Follower());
        var during = stage.Sent.Count;
        stage.Holds.Panic = false;
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(0, during);
        Assert.Equal(["follow u2"], stage.Sent);
    }

    [Fact]
    public async Task A_refused_step_ends_the_run_unless_it_may_go_on()
    {
        var stage = new Stage("""
            rules:
              - name: two
                on: followed
                do:
                  - follow: user
                    continue-on-error: true
                  - unfollow: user
                  - follow: user
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("BLOCKED", "they block you"));
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("NOT_FOLLOWING", "not followed"));

        await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(["follow u2", "unfollow u2"], stage.Sent);
        Assert.Equal((RunState.Failed, "not followed"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    [Fact]
    public async Task After_is_waited_for_and_the_condition_is_asked_again_with_fresh_look_ups()
    {
        var stage = new Stage("""
            rules:
              - name: back
                on: followed
                when: user.followersCount > 3
                after: 1m
                do:
                  - follow: user
            """);
        var lookup = new Lookup(LookupKind.UserShow, "u2");
        stage.Answers[lookup] = Found("""{"id":"u2","username":"mei","followersCount":10}""");

        await stage.HappenAsync("followed", Some.Follower());
        var waiting = stage.OnlyRun;
        stage.Answers[lookup] = Found("""{"id":"u2","username":"mei","followersCount":2}""");
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((RunState.Waiting, WaitReason.After), (waiting.State, waiting.WaitsFor));
        Assert.Equal([lookup, lookup], stage.Asked);
        Assert.Equal((RunState.Skipped, Gates.NoLongerHolds), (stage.OnlyRun.State, stage.OnlyRun.Gate));
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public async Task A_look_up_that_fails_for_now_is_asked_again_and_never_taken_for_a_no()
    {
        var stage = new Stage("""
            rules:
              - name: back
                on: followed
                when: user.followersCount > 3
                do:
                  - follow: user
            """);
        var lookup = new Lookup(LookupKind.UserShow, "u2");
        stage.Answers[lookup] = new LookupAnswer.Failed("502", TimeSpan.FromSeconds(7));

        await stage.HappenAsync("followed", Some.Follower());
        var waiting = stage.OnlyRun;
        stage.Answers[lookup] = Found("""{"id":"u2","username":"mei","followersCount":10}""");
        await stage.PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal((RunState.Waiting, WaitReason.Retry), (waiting.State, waiting.WaitsFor));
        Assert.Equal(["follow u2"], stage.Sent);
    }

    [Fact]
    public async Task A_note_that_was_deleted_during_a_wait_ends_the_run()
    {
        var stage = new Stage("""
            rules:
              - name: pong
                on: mention
                when: contains(note.said, 'hi')
                after: 1m
                do:
                  - reply: PONG!
            """);

        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((RunState.Skipped, Gates.Gone), (stage.OnlyRun.State, stage.OnlyRun.Gate));
        Assert.Empty(stage.Sent);
    }

    private static LookupAnswer.Found Found(string json) => new(JsonDocument.Parse(json).RootElement);
}
