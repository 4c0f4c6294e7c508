using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>Calls that are frozen and were never sent.</summary>
public sealed class HeldCallTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    [Theory]
    [InlineData(75, true)]
    [InlineData(76, false)]
    public async Task A_process_that_stood_still_for_too_long_before_it_sends_does_not_send_what_another_may_have_taken_over(int seconds, bool isSent)
    {
        var stage = new Stage(Pong);
        stage.Store.Intended = () => stage.Time.Advance(TimeSpan.FromSeconds(seconds));

        var working = stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(isSent ? null : typeof(LeaseLostException), (await Record.ExceptionAsync(() => working))?.GetType());
        Assert.Equal(isSent ? 1 : 0, stage.Sent.Count);
    }

    [Fact]
    public async Task What_was_held_back_until_its_event_is_late_is_not_sent_any_more()
    {
        var stage = new Stage(Pong);
        stage.Outcomes.Enqueue(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(90)));

        await stage.HappenAsync("mention", Some.Mention());
        stage.Holds.Panic = true;
        await stage.PassAsync(TimeSpan.FromHours(2));
        stage.Holds.Panic = false;
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Single(stage.Sent);
        Assert.Equal((RunState.Skipped, Gates.Late), (stage.OnlyRun.State, stage.OnlyRun.Gate));
    }

    [Fact]
    public async Task A_rule_that_becomes_a_dry_run_does_not_send_what_waits_to_be_tried_again()
    {
        var stage = new Stage(Pong);
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));

        await stage.HappenAsync("mention", Some.Mention());
        stage.Load(Pong.Replace("on:", "enabled: dry-run\n    on:", StringComparison.Ordinal));
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Single(stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
        Assert.Contains("dry run", stage.OnlyRun.Steps["do[0]"].Reason, StringComparison.Ordinal);
    }
}
