namespace MisskeyAutomations.RuleFiles;

internal static class RuleFilesSetup
{
    /// <summary>The rules folder and what reloads it.</summary>
    public static IServiceCollection AddRules(this IServiceCollection services, RuleFolder folder) => services
        .AddSingleton(folder)
        .AddSingleton<RuleReloader>()
        .AddHostedService(provider => provider.GetRequiredService<RuleReloader>());
}
