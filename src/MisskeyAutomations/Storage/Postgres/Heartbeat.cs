using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>
/// Where engines share a store: tells the others that this one is alive, takes over what nobody works on, goes by the database's clock, and
/// hears when a person stops everything at another engine.
/// </summary>
internal sealed partial class Heartbeat(Store store, Settings settings, Holds holds, IAlarm alarm, ILogger<Heartbeat> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private bool _isInTrouble;
    private int _beatsWithoutPanic;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (store.IsShared && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await BeatAsync(stoppingToken);
                _isInTrouble = false;
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // Whoever cannot write is told so by everything else as well: once is enough here.
                if (!_isInTrouble)
                {
                    LogTrouble(trouble);
                }

                _isInTrouble = true;
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        (store.Time as DatabaseClock)?.Set();
        HearOfPanic();
        var now = store.Time.GetUtcNow();
        foreach (var run in await store.Writer.RunAsync(db => Nodes.Beat(db, store.Lease, now), cancellationToken))
        {
            await alarm.ArmAsync(run, now, cancellationToken);
        }
    }

    // What was read just before a person's order was stored is not true any more: what stops counts at once, what lets go when it is read twice.
    private void HearOfPanic()
    {
        if (holds.IsPanicOrdered)
        {
            return;
        }

        var isStored = settings.Get(Settings.Panic) is not null;
        _beatsWithoutPanic = isStored || !holds.Panic ? 0 : _beatsWithoutPanic + 1;
        holds.Panic = isStored || _beatsWithoutPanic == 1;
    }

    [LoggerMessage(EventId = 1221, Level = LogLevel.Warning, Message = "The shared store could not be told that this engine is alive; it is tried again every 5 s")]
    private partial void LogTrouble(Exception trouble);
}
