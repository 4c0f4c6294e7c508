using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what people ask about runs, on every database.</summary>
public abstract class RunQueriesContract : StoreContract
{
    private protected RunQueriesContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    [Fact]
    public async Task Uncertain_steps_are_listed_with_what_was_sent()
    {
        var run = await Under.StartAsync();
        var (doubtful, step) = run.Doubt(Under.SomeStep(), "the answer was lost");
        await Under.Runs.SaveAsync(doubtful, [step], Token);
        var other = await Under.StartAsync();
        var onItsWay = Under.SomeStep();
        await Under.Runs.SaveIntentAsync(other.With(onItsWay), onItsWay, [], Token);

        var listed = Assert.Single(new RunQueries(Under.Store.Readers).ListUncertain(10));

        Assert.Equal((run.Id, "alice", "greet", "do[0]", "the answer was lost"), (listed.RunId, listed.Account, listed.RuleName, listed.Path, listed.Reason));
        Assert.Equal(step.Intent!.Summary, listed.Intent.Summary);
    }

    [Fact]
    public async Task Of_uncertain_steps_it_is_told_whether_the_engine_looks_for_them()
    {
        foreach (var looksAt in (DateTimeOffset?[])[Under.Now.AddSeconds(30), null])
        {
            var (doubtful, step) = (await Under.StartAsync()).Doubt(Under.SomeStep(), "the answer was lost", looksAt);
            await Under.Runs.SaveAsync(doubtful, [step], Token);
        }

        Assert.Equal([Under.Now.AddSeconds(30), null], new RunQueries(Under.Store.Readers).ListUncertain(10).OrderBy(step => step.RunId).Select(step => step.LooksAt));
    }

    [Fact]
    public async Task Waiting_runs_are_counted_by_what_they_wait_for()
    {
        await Under.StartAsync();
        foreach (var reason in (WaitReason[])[WaitReason.Hold, WaitReason.Retry, WaitReason.Hold])
        {
            await Under.Runs.SaveAsync((await Under.StartAsync()).Wait(reason, null), [], Token);
        }

        var counts = new RunQueries(Under.Store.Readers).CountWaiting();

        Assert.Equal([(WaitReason.Retry, 1L), (WaitReason.Hold, 2L)], counts.OrderBy(count => count.Key).Select(count => (count.Key, count.Value)));
    }
}
