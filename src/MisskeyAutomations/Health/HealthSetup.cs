using MisskeyAutomations.Health.Alerts;

namespace MisskeyAutomations.Health;

/// <summary>Registers the folder.</summary>
internal static class HealthSetup
{
    /// <summary>Gauges, and alerts to the owner.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, AlertOptions alerts) => services
        .AddSingleton<RuleFindings>()
        .AddHostedService<EngineGauges>()
        .AddSingleton(alerts)
        .AddSingleton<TroubleWatch, PauseWatch>()
        .AddSingleton<TroubleWatch, ServerWatch>()
        .AddSingleton<TroubleWatch, StoreWatch>()
        .AddSingleton<TroubleWatch, DiskWatch>()
        .AddSingleton<TroubleWatch, BackupWatch>()
        .AddSingleton<TroubleWatch, QuarantineWatch>()
        .AddSingleton<TroubleWatch, UncertainWatch>()
        .AddSingleton<TroubleWatch, RulesWatch>()
        .AddSingleton<TroubleWatch, CatchUpWatch>()
        .AddSingleton<TroubleWatch, SilenceWatch>()
        .AddSingleton<AlertSender>()
        .AddSingleton<AlertPump>()
        .AddHostedService(provider => provider.GetRequiredService<AlertPump>());
}
