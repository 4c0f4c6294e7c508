using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using static MisskeyAutomations.Engine.Tests.Runs.Doubtful;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>What proves that a post is not there is that time has passed, whatever the clocks say.</summary>
public sealed class ClockJumpTests
{
    [Theory]
    [InlineData(90)]
    [InlineData(1_800)]
    [InlineData(-1_800)]
    public async Task A_clock_that_is_put_forward_or_back_proves_nothing(int seconds)
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Listed([]);

        stage.Time.Jump = TimeSpan.FromSeconds(seconds);
        await stage.WakeAsync();
        for (var second = 1; second < 90; second++)
        {
            await stage.PassAsync(TimeSpan.FromSeconds(1));
            await stage.WakeAsync();
        }

        Assert.Equal(["reply PONG!"], stage.Sent);
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        await stage.WakeAsync();
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["reply PONG!", "reply PONG!"], stage.Sent.Take(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_800)]
    [InlineData(-1_800)]
    public async Task Its_note_is_looked_for_from_when_it_was_sent_though_the_clock_was_put_forward_or_back_since(int seconds)
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Failed("no answer");

        stage.Time.Advance(TimeSpan.FromSeconds(10));
        stage.Time.Jump = TimeSpan.FromSeconds(seconds);
        await stage.WakeAsync();

        Assert.Equal(stage.Time.GetUtcNow() - TimeSpan.FromSeconds(10) - LookTimes.ClockTolerance, Assert.Single(stage.Looked).Since);
    }

    [Fact]
    public async Task What_another_process_doubted_is_given_its_whole_time_to_settle_again()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Listed([]);
        stage.Time.Advance(TimeSpan.FromMinutes(10));

        stage.Restart();
        await stage.WorkAsync();
        await LookOnAsync(stage, TimeSpan.FromSeconds(89));
        Assert.Single(stage.Sent);
        await LookOnAsync(stage, TimeSpan.FromSeconds(3));

        Assert.Equal(["reply PONG!", "reply PONG!"], stage.Sent.Take(2));
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(61, 2)]
    public async Task A_server_whose_clock_is_up_to_a_minute_behind_shows_the_note_as_older_than_its_request(int behind, int sent)
    {
        var stage = await DoubtAsync(Pong);
        var madeAt = stage.Time.GetUtcNow() - TimeSpan.FromSeconds(behind);
        stage.Looking = search => new Sighting.Listed(search.Since <= madeAt ? [Note("n1", "PONG!")] : []);

        await LookOnAsync(stage, TimeSpan.FromMinutes(2));

        Assert.Equal(sent, stage.Sent.Count(text => text == "reply PONG!"));
    }
}
