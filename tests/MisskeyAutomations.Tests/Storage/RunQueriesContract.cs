using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Events;
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
    public async Task What_a_run_has_looked_up_is_told_in_order_and_goes_with_it()
    {
        var (run, journal, queries) = (await Under.StartAsync(), new StoredLookups(Under.Store, NullLogger<StoredLookups>.Instance), new RunQueries(Under.Store.Readers));
        await journal.KeepAsync(run.Id, new(LookupKind.UserRelation, "9bob"), new LookupAnswer.Failed("the server was busy"));
        await journal.KeepAsync(run.Id, new(LookupKind.UserRelation, "9bob"), new LookupAnswer.Found(JsonElement.Parse("{}")));
        await journal.KeepAsync(run.Id, new(LookupKind.NoteShow, "9note"), new LookupAnswer.Refused("there is no such note"));

        var told = queries.Find(run.Id)!.Lookups;

        Assert.Equal(
            [("users/relation", "9bob", LookupOutcome.Failed, "the server was busy"), ("users/relation", "9bob", LookupOutcome.Found, null), ("notes/show", "9note", LookupOutcome.Refused, "there is no such note")],
            told.Select(one => (one.Lookup.Kind.Endpoint!, one.Lookup.Key, one.Outcome, one.Reason)));
        Assert.Equal([run.DeliveryId], new Purge(Under.Store).FindEvents(["9note"]));
        await new Purge(Under.Store).RemoveAsync(new HashSet<long> { run.DeliveryId }, ["9note"], Token);
        Assert.Equal(0, Under.Store.Readers.Read(reader => reader.ExecuteScalar<long>("select count(*) from lookups")));
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
