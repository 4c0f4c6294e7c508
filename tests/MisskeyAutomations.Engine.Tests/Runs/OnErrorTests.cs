using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class OnErrorTests
{
    private const string Rules = """
        rules:
          - name: careful
            on: followed
            do:
              - if: not user.isBot
                then:
                  - follow: user
            on-error:
              - log: "${error.step} ${error.code}: ${error.message}"
              - wait: 1m
              - log: afterwards
        """;

    [Fact]
    public async Task A_run_that_fails_takes_its_steps_and_ends_failed_for_the_first_reason()
    {
        var stage = new Stage(Rules);
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("BLOCKED", "they block you"));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["follow u2", "log do[0].then[0] BLOCKED: they block you", "log afterwards"], stage.Sent);
        Assert.Equal((RunState.Failed, "they block you"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    [Fact]
    public async Task A_failure_inside_is_told_behind_the_first_one()
    {
        var stage = new Stage(Rules);
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("BLOCKED", "they block you"));
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("NO", "no log"));

        await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal((RunState.Failed, "they block you; then 'on-error' failed: no log"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    [Fact]
    public async Task A_run_that_gave_up_is_not_too_late_for_it()
    {
        var stage = new Stage("""
            rules:
              - name: stubborn
                on: mention
                do:
                  - reply: PONG!
                on-error:
                  - reply: I could not answer (${error.code}).
            """);
        for (var i = 0; i < 100; i++)
        {
            stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));
        }

        await stage.HappenAsync("mention", Some.Mention());
        for (var i = 0; i < 40 && stage.OnlyRun.Branch == "do"; i++)
        {
            if (stage.Time.GetUtcNow() - stage.OnlyRun.EventAt > TimeSpan.FromMinutes(59))
            {
                stage.Outcomes.Clear();
                stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));
            }

            await stage.PassAsync(TimeSpan.FromMinutes(5));
        }

        await stage.PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal("reply I could not answer (GAVE_UP).", stage.Sent[^1]);
        Assert.Equal(RunState.Failed, stage.OnlyRun.State);
    }

    [Fact]
    public async Task A_failed_look_up_and_a_condition_without_a_value_lead_there_too()
    {
        var stage = new Stage("""
            rules:
              - name: asks
                on: followed
                do:
                  - if: user.description < 3
                    then: { log: never }
                on-error:
                  - log: "${error.step} ${error.code}"
            """.Replace("user.description < 3", "state('a') < 3", StringComparison.Ordinal));
        stage.Store.GivenState["a"] = "\"text\"";

        await stage.HappenAsync("followed", Some.Follower());

        Assert.Equal(["log do[0] CANNOT_BE_EVALUATED"], stage.Sent);
    }

    [Fact]
    public async Task Else_fails_into_it_and_a_skipped_run_does_not()
    {
        var stage = new Stage("""
            rules:
              - name: both
                on: followed
                when: user.isCat
                do: { log: a cat }
                else:
                  - follow: user
                on-error:
                  - log: failed
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Rejected("BLOCKED", "they block you"));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.HappenAsync("followed", Some.Bot());

        Assert.Equal(["follow u2", "log failed"], stage.Sent);
    }

    [Fact]
    public async Task A_post_of_unknown_effect_lets_the_run_go_on_where_it_may_and_stays_uncertain()
    {
        var stage = new Stage("""
            rules:
              - name: two
                on: mention
                limit: once per user
                do:
                  - reply: first
                    continue-on-error: true
                  - reply: second
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("the answer was cut off"));

        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(["reply first", "reply second"], stage.Sent);
        Assert.Equal((RunState.Succeeded, StepState.Uncertain), (stage.OnlyRun.State, stage.OnlyRun.Steps["do[0]"].State));
        Assert.True(stage.OnlyRun.HadEffect);
    }

    [Fact]
    public async Task An_outcome_that_the_store_does_not_take_is_kept_in_hand_until_it_does()
    {
        var stage = new Stage("""
            rules:
              - name: once
                on: mention
                do:
                  - reply: PONG!
            """) { SavesThatFail = 3 };

        var working = stage.HappenAsync("mention", Some.Mention());
        for (var i = 0; i < 100 && !working.IsCompleted; i++)
        {
            stage.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await working;
        Assert.Equal(["reply PONG!"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }
}
