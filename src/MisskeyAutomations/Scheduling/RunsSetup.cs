using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Scheduling;

internal static class RunsSetup
{
    /// <summary>The engine's own run machine.</summary>
    /// <param name="services">The container.</param>
    /// <param name="allowAdmin">Whether <c>api:</c> may call account-changing and administrators' endpoints.</param>
    public static IServiceCollection AddRuns(this IServiceCollection services, bool allowAdmin) => services
        .AddSingleton<LiveFeed>()
        .AddSingleton<Holds>()
        .AddSingleton(new ActionDefaults { AllowAdmin = allowAdmin })
        .AddSingleton(provider => new RuleVersions(
            provider.GetRequiredService<IRunStore>(), [.. provider.GetRequiredService<IReadOnlyList<IAction>>().Select(action => action.Descriptor)]))
        .AddSingleton<Questions>()
        .AddSingleton<IReadOnlyDictionary<string, IAction>>(provider =>
            provider.GetRequiredService<IReadOnlyList<IAction>>().ToDictionary(action => action.Descriptor.Name, StringComparer.Ordinal))
        .AddSingleton<StepSender>()
        .AddSingleton<RunExecutor>();
}
