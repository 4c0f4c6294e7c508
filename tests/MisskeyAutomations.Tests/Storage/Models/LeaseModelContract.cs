using CsCheck;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage.Models;

/// <summary>
/// The model of leases: who took a run last, until when it is his, and whether he gave it up. Engines take runs, fall asleep, save late,
/// and die. CsCheck prints the seed of what fails.
/// </summary>
public abstract class LeaseModelContract : StoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);

    private int _worlds;

    private protected LeaseModelContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    private enum Act
    {
        Start,
        Claim,
        Save,
        Intend,
        Wait,
        End,
        Pass,
        Die,
    }

    [Fact]
    public async Task Only_who_took_a_run_last_can_save_it_and_each_is_taken_in_time()
    {
        var act = Gen.Frequency(
            (3, Gen.Const(Act.Start)), (4, Gen.Const(Act.Claim)), (4, Gen.Const(Act.Save)), (2, Gen.Const(Act.Intend)), (2, Gen.Const(Act.Wait)), (2, Gen.Const(Act.End)), (3, Gen.Const(Act.Pass)), (1, Gen.Const(Act.Die)));

        await Gen.Select(act, Gen.Int[0, 100]).List[1, 60].SampleAsync(PlayAsync, iter: 40, threads: 1);
    }

    private async Task PlayAsync(List<(Act Act, int Number)> acts)
    {
        var world = new World($"lease{_worlds++}");
        foreach (var (act, number) in acts)
        {
            switch (act)
            {
                case Act.Start:
                    world.Take(await Store.StartAsync(Store.Plan(account: world.Account)), Store.Now);
                    break;
                case Act.Claim:
                    await ClaimAsync(world);
                    break;
                case Act.Pass:
                    Store.Time.Advance(TimeSpan.FromSeconds(number));
                    break;
                case Act.Die:
                    Store.Reopen();
                    world.Runs.Values.Where(run => run.Until is not null).ToList().ForEach(run => run.Until = Store.Now);
                    await ClaimAsync(world);
                    break;
                default:
                    if (world.Hands.Count > 0)
                    {
                        await SaveAsync(world, world.Hands[number % world.Hands.Count], act);
                    }

                    break;
            }
        }

        Store.Time.Advance(TimeSpan.FromDays(1));
        await ClaimAsync(world);
    }

    private async Task ClaimAsync(World world)
    {
        var due = world.Runs.Where(run => run.Value.DueAt <= Store.Now || run.Value.Until <= Store.Now).Select(run => run.Key).Order().ToList();
        var claimed = (await Store.Runs.ClaimDueAsync(10_000, [], Token)).Where(run => run.Account == world.Account).ToList();
        Assert.Equal(due, claimed.Select(run => run.Id).Order());
        claimed.ForEach(run => world.Take(run, Store.Now));
    }

    private async Task SaveAsync(World world, Run hand, Act act)
    {
        var run = world.Runs[hand.Id];
        var saving = SaveAsync(hand, act);
        if (run.Epoch != hand.Epoch || run.Until is null)
        {
            await Assert.ThrowsAsync<LeaseLostException>(() => saving);
            return;
        }

        await saving;
        run.Until = act is Act.Wait or Act.End ? null : Store.Now + Lease;
        run.DueAt = act == Act.Wait ? Store.Now.AddMinutes(1) : null;
    }

    private Task SaveAsync(Run run, Act act) => act switch
    {
        Act.Intend => Store.Runs.SaveIntentAsync(run.With(Store.SomeStep()), Store.SomeStep(), [], Token),
        Act.Wait => Store.Runs.SaveAsync(run.Wait(WaitReason.Retry, Store.Now.AddMinutes(1)), [], Token),
        Act.End => Store.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token),
        _ => Store.Runs.SaveAsync(run, [], Token),
    };

    private sealed record World(string Account)
    {
        public Dictionary<long, Held> Runs { get; } = [];

        /// <summary>All that anybody ever held, and may still try to save.</summary>
        public List<Run> Hands { get; } = [];

        public void Take(Run run, DateTimeOffset now)
        {
            Hands.Add(run);
            Runs[run.Id] = new Held { Epoch = run.Epoch, Until = now + Lease };
        }
    }

    private sealed class Held
    {
        public required long Epoch { get; init; }

        public DateTimeOffset? Until { get; set; }

        public DateTimeOffset? DueAt { get; set; }
    }
}
