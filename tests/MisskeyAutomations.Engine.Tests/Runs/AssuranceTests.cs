using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary><c>delivery:</c> of a step.</summary>
public sealed class AssuranceTests
{
    [Theory]
    [InlineData("reply: hi", "effectively-once", 1, WaitReason.Uncertain)]
    [InlineData("reply: hi", "at-most-once", 1, WaitReason.Uncertain)]
    [InlineData("reply: hi", "at-least-once", 2, WaitReason.None)]
    [InlineData("follow: user", "effectively-once", 2, WaitReason.None)]
    [InlineData("follow: user", "at-most-once", 1, WaitReason.Uncertain)]
    [InlineData("follow: user", "at-least-once", 2, WaitReason.None)]
    public async Task A_rule_says_what_becomes_of_a_call_that_may_have_arrived(string step, string delivery, int calls, WaitReason waitsFor)
    {
        var stage = new Stage($$"""
            rules:
              - name: a
                on: mention
                do:
                  - {{step}}
                    delivery: {{delivery}}
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("no answer in time"));

        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(calls, stage.Sent.Count);
        Assert.Equal(waitsFor, stage.OnlyRun.WaitsFor);
    }

    [Fact]
    public async Task A_call_that_surely_never_left_is_sent_again_even_at_most_once()
    {
        var stage = new Stage("""
            rules:
              - name: a
                on: followed
                do:
                  - follow: user
                    delivery: at-most-once
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.NotSent("connection refused"));

        await stage.HappenAsync("followed", Some.Follower());
        await stage.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, stage.Sent.Count);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }
}
