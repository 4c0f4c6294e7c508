using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Inbox;

internal static class InboxSetup
{
    /// <summary>What decides stored deliveries.</summary>
    public static IServiceCollection AddInbox(this IServiceCollection services) => services
        .AddSingleton<LeasedRuns>()
        .AddSingleton<Listening>()
        .AddSingleton<Deciding>()
        .AddHostedService<InboxPump>();
}
