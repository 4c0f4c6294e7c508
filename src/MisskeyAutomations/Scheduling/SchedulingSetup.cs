using MisskeyAutomations.Engine.Runs;
using Quartz;

namespace MisskeyAutomations.Scheduling;

internal static class SchedulingSetup
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    /// <summary>What waits and what executes: Quartz in memory, alarms, sweep, run pump.</summary>
    public static IServiceCollection AddScheduling(this IServiceCollection services)
    {
        services.AddSingleton<IAlarm, QuartzAlarm>();
        services.AddSingleton<RunPump>();
        services.AddHostedService(provider => provider.GetRequiredService<RunPump>());
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<RingJob>(job => job.WithIdentity(RingJob.Key).StoreDurably());
            quartz.AddJob<SweepJob>(job => job.WithIdentity(SweepJob.Key).DisallowConcurrentExecution());
            quartz.AddTrigger(trigger => trigger.ForJob(SweepJob.Key).StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(SweepInterval).RepeatForever()));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }
}
