using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>SQLite keeps what turns and places promise, also over a death.</summary>
public sealed class SqliteAdmissionTests() : AdmissionContract(() => new SqliteUnderTest())
{
    [Fact]
    public async Task What_waits_for_its_turn_or_a_place_survives_a_death_with_all_it_knows()
    {
        var overlap = new OverlapClaim(OverlapMode.Queue, "", "queue");
        var first = await Store.StartAsync(Store.Plan(overlap: overlap));
        var planned = Store.Plan(overlap: overlap);
        var queued = await Store.StartAsync(planned with { Run = planned.Run with { GroupRest = ["b", "挨拶-2"] } });

        Store.Reopen();
        Store.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(await Store.Runs.ClaimAsync(queued.Id, [], Token));
        var holder = (await Store.Runs.ClaimAsync(first.Id, [], Token))!;
        var saved = await Store.Runs.SaveAsync(holder.End(RunState.Succeeded), [], Token);
        var claimed = (await Store.Runs.ClaimAsync(queued.Id, [], Token))!;

        Assert.Equal([queued.Id], saved.Rings.Select(ring => ring.RunId));
        Assert.Equal((RunPhase.Admission, queued.WaitsSince), (claimed.Phase, claimed.WaitsSince));
        Assert.Equal(["b", "挨拶-2"], claimed.GroupRest);
    }

    [Fact]
    public async Task Of_fifty_events_at_once_one_runs_and_the_others_are_refused()
    {
        var deliveries = new List<Delivery>();
        for (var i = 0; i < 50; i++)
        {
            deliveries.Add(await Store.ArriveAsync());
        }

        var decided = await Task.WhenAll(deliveries.Select(delivery => Task.Run(() => Store.Inbox.CompleteAsync(
            Store.DecisionOf(delivery, runs: Store.Plan(overlap: new OverlapClaim(OverlapMode.Skip, "", "skip"))), Token), Token)));

        Assert.Equal(1, decided.Sum(decision => decision.Runs.Count));
        Assert.Equal(49, decided.Count(decision => decision.Verdicts[0].Gate == Gates.Overlap));
    }
}

/// <summary>The store of rule tests gives the same turns and places.</summary>
public sealed class MemoryAdmissionTests() : AdmissionContract(() => new MemoryUnderTest());
