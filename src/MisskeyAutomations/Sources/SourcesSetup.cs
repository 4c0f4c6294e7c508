namespace MisskeyAutomations.Sources;

internal static class SourcesSetup
{
    /// <summary>What brings events beside webhooks and the clock.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services) => services
        .AddSingleton<NotificationPages>()
        .AddSingleton<MissedEvents>()
        .AddSingleton<FollowerPages>()
        .AddSingleton<FollowerComparison>()
        .AddHostedService(provider => provider.GetRequiredService<FollowerComparison>())
        .AddSingleton<PlaceFinder>()
        .AddSingleton<StreamChannels>()
        .AddSingleton<StreamStates>()
        .AddSingleton<AccountStream>()
        .AddSingleton<Streams>()
        .AddHostedService(provider => provider.GetRequiredService<Streams>())
        .AddSingleton<CatchUp>()
        .AddHostedService(provider => provider.GetRequiredService<CatchUp>());
}
