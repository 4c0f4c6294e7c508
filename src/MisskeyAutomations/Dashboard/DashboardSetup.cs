using MisskeyAutomations.Dashboard.SignIn;

namespace MisskeyAutomations.Dashboard;

/// <summary>Registers the folder.</summary>
internal static class DashboardSetup
{
    /// <summary>The pages, and the sign-in before them; nothing where there is to be no dashboard.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions? options) => options is null ? services : services
        .AddSingleton(options)
        .AddSingleton<SignInLinks>()
        .AddSingleton<SignInBrake>()
        .AddSingleton<Passphrase>()
        .AddSingleton<MisskeySignIn>()
        .AddSingleton<Sessions>()
        .AddSingleton<SharedParts>()
        .AddSingleton<DashboardServer>()
        .AddHostedService(provider => provider.GetRequiredService<DashboardServer>());
}
