namespace MisskeyAutomations.Oversight;

/// <summary>Registers the folder.</summary>
internal static class OversightSetup
{
    /// <summary>What people look at.</summary>
    public static IServiceCollection AddOversight(this IServiceCollection services) => services
        .AddSingleton<Overviews>()
        .AddSingleton<ActivityCharts>()
        .AddSingleton<EventStories>()
        .AddSingleton<Hindsight>()
        .AddSingleton<RuleSights>();
}
