using CsCheck;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage.Models;

/// <summary>
/// The model of a limit: the times at which places were taken, less those that were given back. Runs come, act or not, end, time passes,
/// the process dies. CsCheck prints the seed of what fails.
/// </summary>
public abstract class LimitModelContract : StoreContract
{
    private const int Places = 2;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(60);

    private int _worlds;

    private protected LimitModelContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    private enum Act
    {
        Come,
        Succeed,
        EndWithoutEffect,
        Pass,
        Die,
    }

    private static Gen<List<(Act Act, int Number)>> Acts =>
        Gen.Select(Gen.Frequency((5, Gen.Const(Act.Come)), (2, Gen.Const(Act.Succeed)), (2, Gen.Const(Act.EndWithoutEffect)), (3, Gen.Const(Act.Pass)), (1, Gen.Const(Act.Die))), Gen.Int[0, 40])
            .List[1, 40];

    [Fact]
    public Task Who_finds_no_place_is_refused_and_nobody_else() => Acts.SampleAsync(RefuseAsync, iter: 40, threads: 1);

    [Fact]
    public Task Who_waits_for_a_place_gets_one_and_nobody_who_came_later_before_him() =>
        Acts.SampleAsync(DelayAsync, iter: 40, threads: 1);

    private async Task RefuseAsync(List<(Act Act, int Number)> acts)
    {
        var account = $"limit{_worlds++}";
        var (taken, atWork) = (new List<DateTimeOffset>(), new List<(Run Run, DateTimeOffset Place)>());
        foreach (var (act, number) in acts)
        {
            switch (act)
            {
                case Act.Come:
                    var hasPlace = taken.Count(at => at >= Store.Now - Within) < Places;
                    var runs = (await Store.DecideAsync(runs: Plan(account, LimitOver.Skip))).Runs;
                    Assert.Equal(hasPlace ? 1 : 0, runs.Count);
                    taken.AddRange(runs.Select(_ => Store.Now));
                    atWork.AddRange(runs.Select(run => (run, Store.Now)));
                    break;
                case Act.Pass:
                    Store.Time.Advance(TimeSpan.FromMinutes(number));
                    break;
                case Act.Die:
                    await DieAsync(atWork);
                    break;
                default:
                    if (Remove(atWork, number) is var (run, place))
                    {
                        await EndAsync(run, act == Act.Succeed);
                        taken.Remove(act == Act.Succeed ? default : place);
                    }

                    break;
            }
        }
    }

    private async Task DelayAsync(List<(Act Act, int Number)> acts)
    {
        var account = $"delay{_worlds++}";
        var (came, admitted, acted, atWork) = (new List<long>(), new Dictionary<long, DateTimeOffset>(), new List<DateTimeOffset>(), new List<(Run Run, DateTimeOffset Place)>());
        foreach (var (act, number) in acts.Concat(Enumerable.Repeat((Act.Pass, 31), 2 * acts.Count)))
        {
            switch (act)
            {
                case Act.Come:
                    var run = await Store.StartAsync(Plan(account, LimitOver.Delay));
                    came.Add(run.Id);
                    if (run.State == RunState.Running)
                    {
                        admitted.Add(run.Id, Store.Now);
                        atWork.Add((run, Store.Now));
                    }

                    break;
                case Act.Pass:
                    Store.Time.Advance(TimeSpan.FromMinutes(number));
                    await WakeAsync(account, admitted, atWork);
                    break;
                case Act.Die:
                    await DieAsync(atWork);
                    break;
                default:
                    if (Remove(atWork, number) is var (ended, place))
                    {
                        await EndAsync(ended, act == Act.Succeed);
                        acted.AddRange(act == Act.Succeed ? [place] : []);
                        await WakeAsync(account, admitted, atWork);
                    }

                    break;
            }

            var places = acted.Concat(atWork.Select(one => one.Place)).ToList();
            Assert.All(places, from => Assert.InRange(places.Count(at => at >= from && at <= from + Within), 1, Places));
        }

        var times = came.Select(run => admitted[run]).ToList();
        Assert.Equal(times.Order(), times);
    }

    private async Task WakeAsync(string account, Dictionary<long, DateTimeOffset> admitted, List<(Run Run, DateTimeOffset Place)> atWork)
    {
        while (await Store.Runs.ClaimDueAsync(1_000, [], Token) is { Count: > 0 } claimed)
        {
            foreach (var due in claimed.OrderBy(run => run.Id))
            {
                await AskAsync(due, account, admitted, atWork);
            }
        }
    }

    private async Task AskAsync(Run due, string account, Dictionary<long, DateTimeOffset> admitted, List<(Run Run, DateTimeOffset Place)> atWork)
    {
        if (due.Account != account)
        {
            // Left behind by another history.
            await Store.Runs.SaveAsync(due.End(RunState.Cancelled), [], Token);
        }
        else if (atWork.FindIndex(one => one.Run.Id == due.Id) is >= 0 and var index)
        {
            // Its lease ran out meanwhile.
            atWork[index] = (due, atWork[index].Place);
        }
        else if ((await Store.Runs.AdmitAsync(due.AfterWaitAtGate(Store.Now), null, [Claim(LimitOver.Delay)], Token)) is { Admission: Admission.Granted } granted)
        {
            admitted.Add(due.Id, Store.Now);
            atWork.Add((granted.Run, Store.Now));
        }
    }

    private async Task DieAsync(List<(Run Run, DateTimeOffset Place)> atWork)
    {
        Store.Reopen();
        var claimed = (await Store.Runs.ClaimDueAsync(10_000, [], Token)).ToDictionary(run => run.Id);
        for (var i = 0; i < atWork.Count; i++)
        {
            atWork[i] = (claimed[atWork[i].Run.Id], atWork[i].Place);
        }
    }

    private static (Run Run, DateTimeOffset Place)? Remove(List<(Run Run, DateTimeOffset Place)> atWork, int number)
    {
        if (atWork.Count == 0)
        {
            return null;
        }

        var one = atWork[number % atWork.Count];
        atWork.Remove(one);
        return one;
    }

    private async Task EndAsync(Run run, bool hadEffect)
    {
        var done = Store.SomeStep(state: StepState.Done, hadEffect: true);
        await Store.Runs.SaveAsync(hadEffect ? run.With(done).End(RunState.Succeeded) : run.End(RunState.Skipped), hadEffect ? [done] : [], Token);
    }

    private PlannedRun Plan(string account, LimitOver over)
    {
        var planned = Store.Plan(account: account, claims: Claim(over));
        return planned with { Run = planned.Run with { DueAt = Store.Now } };
    }

    private LimitClaim Claim(LimitOver over) =>
        new("user:bob", Places, Store.Now - Within, "2 per user per 1h") { Over = over, Period = new LimitPeriod.Sliding(Within) };
}
