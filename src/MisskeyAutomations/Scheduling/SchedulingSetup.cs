using MisskeyAutomations.Engine.Runs;
using Quartz;

namespace MisskeyAutomations.Scheduling;

internal static class SchedulingSetup
{
    /// <summary>What waits and what executes: Quartz in memory, alarms, sweep, run pump, cron.</summary>
    public static IServiceCollection AddScheduling(this IServiceCollection services)
    {
        services.AddSingleton<IAlarm, QuartzAlarm>();
        services.AddSingleton<RunPump>();
        services.AddHostedService(provider => provider.GetRequiredService<RunPump>());
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<RingJob>(job => job.WithIdentity(RingJob.Key).StoreDurably());
            quartz.AddJob<CronJob>(job => job.WithIdentity(CronJob.Key).StoreDurably());
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddHostedService<Sweep>();
        services.AddHostedService<Releases>();
        services.AddHostedService<EvaluationWatchdog>();
        services.AddSingleton<CronClock>();
        services.AddSingleton<CronPump>();
        services.AddHostedService(provider => provider.GetRequiredService<CronPump>());
        return services;
    }
}
