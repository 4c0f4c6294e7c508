using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;
using Quartz;

namespace MisskeyAutomations.Scheduling;

/// <summary>Alarms as Quartz triggers in memory. Only the near future is armed: the sweep arms the rest when its time comes near.</summary>
internal sealed class QuartzAlarm(ISchedulerFactory schedulers, TimeProvider time) : IAlarm
{
    /// <summary>How far ahead alarms are armed; the sweep comes more often than that.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    public async Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        if (dueAt > time.GetUtcNow() + Horizon)
        {
            return;
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var trigger = TriggerBuilder.Create()
            .WithIdentity($"run {runId}")
            .ForJob(RingJob.Key)
            .UsingJobData(RingJob.RunId, runId)
            .StartAt(dueAt)

            // However late, a ring is a ring. Where two clocks differ by more than Quartz forgives, such as one that a test shifts, it would
            // call the same trigger misfired for ever, and fill the memory with notes of that.
            .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
            .Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellationToken);
    }
}

/// <summary>Rings for one run; again and again while the store cannot be used.</summary>
internal sealed class RingJob(RunPump pump, IAlarm alarm, TimeProvider time) : IJob
{
    public const string RunId = "run";
    public static readonly JobKey Key = new("ring");
    private static readonly TimeSpan PauseInTrouble = TimeSpan.FromSeconds(2);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        Measures.Rang(time.GetUtcNow() - context.Trigger.StartTimeUtc);
        var run = context.MergedJobDataMap.GetLong(RunId);
        try
        {
            await pump.RingAsync(run, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            await alarm.ArmAsync(run, time.GetUtcNow() + PauseInTrouble, cancellationToken);
        }
    }
}
