using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Scheduling;

public sealed class SweepTests : IAlarm, IDisposable
{
    private const int Behind = 10;

    private readonly SqliteUnderTest _store = new();
    private readonly LeasedRuns _leased = new();
    private readonly List<long> _armed = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_is_overdue_and_left_behind_is_not_armed_but_claimed_once_there_is_room()
    {
        var overdue = Waiting(TimeSpan.FromMinutes(1));
        await _store.DecideAsync(runs: [.. Enumerable.Repeat(overdue, LeasedRuns.Capacity + Behind)]);
        var soon = await _store.StartAsync(Waiting(TimeSpan.FromMinutes(7)));
        _store.Time.Advance(TimeSpan.FromMinutes(2));
        using var pump = new RunPump(_store.Runs, _store.Inbox, _leased, executor: null!, NullLogger<RunPump>.Instance, _store.Time);
        using var sweep = new Sweep(pump, _store.Runs, this, NullLogger<Sweep>.Instance, _store.Time);

        await sweep.StartAsync(Token);

        await Eventually.HoldsAsync(() => Armed.Contains(soon.Id), "what comes near is armed");
        await sweep.StopAsync(Token);
        Assert.Equal([soon.Id], Armed);
        Assert.Equal(LeasedRuns.Capacity, _leased.InHand.Count);
        await WorkOffAsync(LeasedRuns.Capacity);
        await _leased.WaitForRoomAsync(Token);
        await pump.ClaimDueAsync(Token);
        Assert.Equal(Behind, _leased.InHand.Count);
    }

    Task IAlarm.ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        lock (_armed)
        {
            _armed.Add(runId);
        }

        return Task.CompletedTask;
    }

    private IReadOnlyList<long> Armed
    {
        get
        {
            lock (_armed)
            {
                return [.. _armed];
            }
        }
    }

    private PlannedRun Waiting(TimeSpan time) => _store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: _store.Now + time);

    private async Task WorkOffAsync(int count)
    {
        await foreach (var run in _leased.ReadAllAsync(Token))
        {
            _leased.Finish(run);
            if (--count == 0)
            {
                return;
            }
        }
    }
}
