namespace MisskeyAutomations.Checkup;

/// <summary>Registers the folder.</summary>
internal static class CheckupSetup
{
    /// <summary>The looks at accounts. Needs Misskey and what connects accounts.</summary>
    public static IServiceCollection AddCheckup(this IServiceCollection services) => services
        .AddSingleton<HookWay>()
        .AddSingleton<HookCheckup>()
        .AddSingleton<AccountCheckup>();
}
