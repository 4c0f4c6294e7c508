using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Scheduling;

/// <summary>
/// Arms what comes near and claims what is overdue, at the start and each minute: whatever a ring missed is found here. It counts its
/// minutes itself, since Quartz goes by the machine's clock and stands still while that is put back.
/// </summary>
internal sealed partial class Sweep(RunPump pump, IRunStore store, IAlarm alarm, ILogger<Sweep> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan IntervalInTrouble = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(await TrySweepAsync(stoppingToken), time, stoppingToken);
        }
    }

    // When to sweep again.
    private async Task<TimeSpan> TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The store has told it.
            return IntervalInTrouble;
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            LogTrouble(trouble);
        }

        return Interval;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // What is overdue by then is claimed, or left behind and claimed once there is room. Alarms for that would ring at once and for nothing,
        // each minute, one for every run that waits for a slow account after an outage.
        var since = time.GetUtcNow();
        await pump.ClaimDueAsync(cancellationToken);
        foreach (var (runId, dueAt) in await store.ListAlarmsAsync(since, time.GetUtcNow() + QuartzAlarm.Horizon, cancellationToken))
        {
            await alarm.ArmAsync(runId, dueAt, cancellationToken);
        }
    }

    [LoggerMessage(335, LogLevel.Error, "Runs that are due could not be looked for; it is tried again in a minute")]
    private partial void LogTrouble(Exception trouble);
}
