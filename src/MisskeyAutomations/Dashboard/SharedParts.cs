using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Control;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Oversight;
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
        typeof(AccountDirectory),
        typeof(Activity),
        typeof(ActivityCharts),
        typeof(ApiKeys),
        typeof(ConnectedAccounts),
        typeof(EventOrders),
        typeof(EventPages),
        typeof(EventQueries),
        typeof(EventStories),
        typeof(Func<string, ActionDefaults>),
        typeof(Holds),
        typeof(LiveFeed),
        typeof(MisskeyAccountCheck),
        typeof(Overviews),
        typeof(PanicSwitch),
        typeof(RuleSights),
        typeof(RuleVersions),
        typeof(RunOrders),
        typeof(RunPages),
        typeof(RunQueries),
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
    }
}
