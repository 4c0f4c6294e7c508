namespace MisskeyAutomations.Sources;

internal static class SourcesSetup
{
    /// <summary>What brings events beside webhooks and the clock.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services) => services
        .AddSingleton<NotificationPages>()
        .AddSingleton<MissedEvents>()
        .AddSingleton<CatchUp>()
        .AddHostedService(provider => provider.GetRequiredService<CatchUp>());
}
