using Microsoft.Extensions.Options;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Control;
using MisskeyAutomations.Dashboard.SandboxPages;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard;

/// <summary>The parts of the engine that the pages see: all that they may inject, beside what is theirs.</summary>
internal sealed class SharedParts(IServiceProvider engine)
{
    private static readonly Type[] All =
    [
        typeof(TimeProvider),
        typeof(DashboardOptions),
        typeof(SignInLinks),
        typeof(SignInBrake),
        typeof(Passphrase),
        typeof(Sessions),
        typeof(AccountCheckup),
        typeof(AccountDirectory),
        typeof(ActivityCharts),
        typeof(ApiKeys),
        typeof(BackupDesk),
        typeof(ConnectedAccounts),
        typeof(Connector),
        typeof(Disconnector),
        typeof(EventOrders),
        typeof(EventPages),
        typeof(EventQueries),
        typeof(EventStories),
        typeof(Func<string, ActionDefaults>),
        typeof(Hindsight),
        typeof(Holds),
        typeof(IOptions<StoreOptions>),
        typeof(LiveFeed),
        typeof(MisskeyAccountCheck),
        typeof(MisskeySignIn),
        typeof(Overviews),
        typeof(PanicSwitch),
        typeof(PublicAddress),
        typeof(RuleSights),
        typeof(RuleFolder),
        typeof(RuleVersions),
        typeof(RunOrders),
        typeof(RunPages),
        typeof(RunQueries),
        typeof(SecretRotation),
        typeof(ServerProbe),
        typeof(StoreFigures),
        typeof(StoreReaders),
        typeof(StreamStates),
    ];

    /// <summary>Gives the same objects to the container of the pages, which does not dispose of them.</summary>
    public void AddTo(IServiceCollection services)
    {
        foreach (var part in All)
        {
            services.AddSingleton(part, engine.GetRequiredService(part));
        }

        // In the sandbox alone.
        if (engine.GetService<Playground>() is { } playground)
        {
            services.AddSingleton(playground);
        }
    }
}
