using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class RunQueriesTests : IDisposable
{
    private readonly SqliteUnderTest _under = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task Uncertain_steps_are_listed_with_what_was_sent()
    {
        var run = await _under.StartAsync();
        var (doubtful, step) = run.Doubt(_under.SomeStep(), "the answer was lost");
        await _under.Runs.SaveAsync(doubtful, [step], Token);
        var other = await _under.StartAsync();
        var onItsWay = _under.SomeStep();
        await _under.Runs.SaveIntentAsync(other.With(onItsWay), onItsWay, [], Token);

        var listed = Assert.Single(new RunQueries(_under.Store.Readers).ListUncertain(10));

        Assert.Equal((run.Id, "alice", "greet", "do[0]", "the answer was lost"), (listed.RunId, listed.Account, listed.RuleName, listed.Path, listed.Reason));
        Assert.Equal(step.Intent!.Summary, listed.Intent.Summary);
    }

    [Fact]
    public async Task Waiting_runs_are_counted_by_what_they_wait_for()
    {
        await _under.StartAsync();
        foreach (var reason in (WaitReason[])[WaitReason.Hold, WaitReason.Retry, WaitReason.Hold])
        {
            await _under.Runs.SaveAsync((await _under.StartAsync()).Wait(reason, null), [], Token);
        }

        var counts = new RunQueries(_under.Store.Readers).CountWaiting();

        Assert.Equal([(WaitReason.Retry, 1L), (WaitReason.Hold, 2L)], counts.OrderBy(count => count.Key).Select(count => (count.Key, count.Value)));
    }
}
