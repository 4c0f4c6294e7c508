using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Scheduling;

internal static class RunsSetup
{
    /// <summary>The engine's own run machine.</summary>
    /// <param name="services">The container.</param>
    /// <param name="defaultsOf">What an account's actions go by: its server's limits, and what the configuration allows.</param>
    public static IServiceCollection AddRuns(this IServiceCollection services, Func<IServiceProvider, Func<string, ActionDefaults>> defaultsOf) => services
        .AddSingleton<LiveFeed>()
        .AddHostedService<RunLog>()
        .AddHostedService<RunMeasures>()
        .AddSingleton<Holds>()
        .AddSingleton(defaultsOf)
        .AddSingleton(provider => new RuleVersions(
            provider.GetRequiredService<IRunStore>(), [.. provider.GetRequiredService<IReadOnlyList<IAction>>().Select(action => action.Descriptor)]))
        .AddSingleton<Questions>()
        .AddSingleton<IReadOnlyDictionary<string, IAction>>(provider =>
            provider.GetRequiredService<IReadOnlyList<IAction>>().ToDictionary(action => action.Descriptor.Name, StringComparer.Ordinal))
        .AddSingleton<Reconciler>()
        .AddSingleton<StepSender>()
        .AddSingleton<RunExecutor>();
}
