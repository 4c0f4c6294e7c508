using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using Quartz;

namespace MisskeyAutomations.Scheduling;

/// <summary>Looks at the clock at the start, whenever Quartz rings, after the rules changed, and each minute in any case.</summary>
internal sealed partial class CronPump(
    CronClock clock, RuleVersions rules, ISchedulerFactory schedulers, ILogger<CronPump> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IntervalInTrouble = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _rung = new(0);
    private int _looks;

    /// <summary>How many looks are over.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>Asks for a look now.</summary>
    public void Ring() => _rung.Release();

    public override void Dispose()
    {
        base.Dispose();
        _rung.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rules.Swapped += Ring;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = await LookAsync(stoppingToken);
                Interlocked.Increment(ref _looks);
                await _rung.WaitAsync(pause, stoppingToken);
            }
        }
        finally
        {
            rules.Swapped -= Ring;
        }
    }

    // When to look again.
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await clock.LookAsync(cancellationToken);
            await ArmAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The store has told it.
            return IntervalInTrouble;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFault(fault);
        }

        return Interval;
    }

    // One bell is enough: each look arms the next.
    private async Task ArmAsync(CancellationToken cancellationToken)
    {
        if (clock.NextDue() is not { } due || due > time.GetUtcNow() + QuartzAlarm.Horizon)
        {
            return;
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var trigger = TriggerBuilder.Create()
            .WithIdentity("cron")
            .ForJob(CronJob.Key)
            .StartAt(due)
            .Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellationToken);
    }

    [LoggerMessage(334, LogLevel.Error, "The look at the clock failed; the next one is within a minute")]
    private partial void LogFault(Exception fault);
}

/// <summary>Rings for the rules that go by the clock.</summary>
internal sealed class CronJob(CronPump pump) : IJob
{
    public static readonly JobKey Key = new("cron");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        pump.Ring();
        return ValueTask.CompletedTask;
    }
}
