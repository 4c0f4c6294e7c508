using System.CommandLine;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Control;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Telemetry;
using MisskeyAutomations.Telemetry.Logs;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Cli;

/// <summary><c>run</c>: the engine for real accounts.</summary>
internal static class RunCommand
{
    private const string HowToGetAnAccount =
        "No account is set up. `connect SERVER` connects one. Or set MISSKEY_SERVER and MISSKEY_TOKEN, and MISSKEY_HOOK_SECRET where Misskey can reach this machine, or write accounts into automations.yaml. "
        + "To try it without an account: the command `sandbox`.";

    public static Command Describe(EngineOptions options)
    {
        var command = new Command("run", "Run the engine (the default)");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, cancellationToken));
        return command;
    }

    public static async Task<int> RunAsync(ParseResult parsed, EngineOptions options, CancellationToken cancellationToken)
    {
        // A signal to end is heeded only once the command line has this task in its hands.
        await Task.Yield();
        using var second = SecondSignal.Listen();
        var settings = options.Read(parsed);
        var names = KnownAccounts.NamesOf(settings);
        if (names is { Count: 0 })
        {
            throw new CommandFailure(ExitCodes.Configuration, HowToGetAnAccount);
        }

        var (folder, reading, rules) = ReadRules(settings, names ?? []);
        try
        {
            await using var app = await StartAsync(settings, folder, rules, cancellationToken, mustHaveAccounts: true);
            return await ServeAsync(app, settings, folder, reading, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to end before it had quite begun.
        }

        return ExitCodes.Done;
    }

    /// <summary>Reads the rules and shows what is wrong with them.</summary>
    /// <exception cref="CommandFailure">They have errors.</exception>
    public static (RuleFolder Folder, RuleReading Reading, RuleSet Rules) ReadRules(EngineSettings settings, IReadOnlyList<string> accounts)
    {
        var folder = RuleFolders.Open(settings.Rules, settings.AllowAdmin, accounts);
        var reading = folder.Read();
        if (settings.Log.Format == LogFormat.Text || reading.RuleSet is null)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count);
        }

        return reading.RuleSet is { } rules ? (folder, reading, rules)
            : throw new CommandFailure(ExitCodes.BadRules, "The rules have errors, so nothing was started. Mend them and start again.");
    }

    /// <summary>Says what is in force and how events come, and stays until it is told to end.</summary>
    public static async Task<int> ServeAsync(WebApplication app, EngineSettings settings, RuleFolder folder, RuleReading reading, CancellationToken cancellationToken)
    {
        var sources = SourceWords.Of(app.Services.GetRequiredService<AccountDirectory>().All, AddressOf(app));
        var rules = reading.RuleSet!.Rules.Count;
        var isForMachines = settings.Log.Format == LogFormat.Json;
        var start = app.Services.GetRequiredService<StartLog>();
        if (isForMachines)
        {
            start.TellFindings(reading.Diagnostics);
            start.TellInForce(rules, folder.Path, sources);
        }
        else
        {
            Console.WriteLine(Phrase.Of($"In force: {Counts.Rules(rules)} from {folder.Path}. {sources} Ctrl+C ends it.").In(Languages.OfEnvironment));
        }

        app.Services.GetRequiredService<RuleReloader>().Reloaded += (again, _) => TellFindings(again, folder, isForMachines ? start : null);
        var ending = app.WaitForShutdownAsync(cancellationToken);
        var broken = app.Services.GetRequiredService<StoreHealth>().Broken;
        if (await Task.WhenAny(ending, broken) == broken)
        {
            await EndAtOnceAsync(await broken);
        }

        await ending;
        if (app.Services.GetRequiredService<StoreCheck>().Damage is { } damage)
        {
            throw StartTrouble.OfDamage(damage, settings.Data);
        }

        return ExitCodeOf(app.Services.GetServices<IHostedService>());
    }

    // Nothing that could be finished could be written down.
    private static async Task EndAtOnceAsync(StoreTrouble trouble)
    {
        var answersGoOut = TimeSpan.FromMilliseconds(500);
        await Task.Delay(answersGoOut, TimeProvider.System, CancellationToken.None);
        CommandLine.Tell(trouble.Sentence);
        Environment.Exit(ExitCodes.Storage);
    }

    // A line of the log for machines is JSON, whoever writes it.
    private static void TellFindings(RuleReading reading, RuleFolder folder, StartLog? log)
    {
        if (log is null)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count);
            return;
        }

        log.TellFindings(reading.Diagnostics);
    }

    /// <summary>How it ended: a loop that died has ended the engine, and that is no good end.</summary>
    internal static int ExitCodeOf(IEnumerable<IHostedService> loops) =>
        loops.OfType<BackgroundService>().Any(loop => loop.ExecuteTask is { IsFaulted: true }) ? ExitCodes.Internal : ExitCodes.Done;

    /// <summary>Builds and starts the engine.</summary>
    /// <exception cref="CommandFailure">It cannot start; the message says what to do.</exception>
    public static async Task<WebApplication> StartAsync(
        EngineSettings settings, RuleFolder folder, RuleSet rules, CancellationToken cancellationToken, Action<WebApplicationBuilder>? more = null, bool mustHaveAccounts = false)
    {
        WebApplication? app = null;
        try
        {
            app = Build(settings, folder, more);

            // Opens the store before anything else, so that one in use or out of reach ends the start with a sentence.
            app.Services.GetRequiredService<Holds>().Panic = app.Services.GetRequiredService<Settings>().Get(Settings.Panic) is not null;
            await LoadAccountsAsync(app, mustHaveAccounts, cancellationToken);
            File.Delete(ControlSocket.PathIn(settings.Data));
            _ = app.Services.GetRequiredService<RuleFindings>();
            app.MapMetrics();
            app.MapWebhooks();
            app.MapControl();
            app.Services.GetRequiredService<RuleVersions>().Swap(rules);
            app.Services.GetRequiredService<StrangeAccounts>().Watch(rules);
            app.Services.GetRequiredService<UntoldTriggers>().Watch(rules);
            app.Services.GetRequiredService<MissingSecrets>().Watch(rules);

            // Why an account was paused may be mended by now, such as by a new token; nobody else lets go what it held.
            await app.Services.GetRequiredService<IRunStore>().ReleaseAsync(WaitReason.Hold, cancellationToken);
            await app.StartAsync(cancellationToken);
            ControlSocket.Protect(settings.Data);
            return app;
        }
        catch (Exception trouble) when (StartTrouble.Explain(trouble, settings) is { } failure)
        {
            if (app is not null)
            {
                // Told to stop, what had begun already ends without a complaint: the one sentence is to be seen.
                await app.StopAsync(CancellationToken.None);
                await app.DisposeAsync();
            }

            throw new CommandFailure(failure.ExitCode, failure.Sentence, trouble);
        }
    }

    /// <summary>Opens the store for a command that changes something while no engine runs; nothing is started.</summary>
    /// <exception cref="CommandFailure">It cannot be opened; the message says what to do.</exception>
    public static async Task<WebApplication> OpenAsync(EngineSettings settings, CancellationToken cancellationToken)
    {
        var app = Build(settings, new RuleFolder(settings.Rules, ActionTable.For(settings.AllowAdmin)), more: null);
        try
        {
            await app.Services.GetRequiredService<ConnectedAccounts>().LoadAsync(cancellationToken);
            return app;
        }
        catch (Exception trouble) when (StartTrouble.Explain(trouble, settings) is { } failure)
        {
            await app.DisposeAsync();
            throw new CommandFailure(failure.ExitCode, failure.Sentence, trouble);
        }
    }

    private static async Task LoadAccountsAsync(WebApplication app, bool mustHaveAccounts, CancellationToken cancellationToken)
    {
        var accounts = app.Services.GetRequiredService<ConnectedAccounts>();
        await accounts.LoadAsync(cancellationToken);
        if (mustHaveAccounts && !accounts.HasAny && app.Services.GetRequiredService<AccountDirectory>().All.Count == 0)
        {
            throw new CommandFailure(ExitCodes.Configuration, HowToGetAnAccount);
        }
    }

    /// <summary>The first address on which a started engine listens, without a trailing slash.</summary>
    public static string AddressOf(WebApplication app) =>
        app.Urls.First(url => !url.StartsWith("http://unix:", StringComparison.Ordinal)).TrimEnd('/');

    /// <summary>The table of contents: one line for each folder, in the order in which an event walks.</summary>
    private static WebApplication Build(EngineSettings settings, RuleFolder folder, Action<WebApplicationBuilder>? more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var socket = ControlSocket.PathIn(settings.Data);
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, ""); // Images of ASP.NET Core set it; it would be warned of that it does not count.
        builder.WebHost.UseUrls([.. settings.Urls.Split(';'), $"http://unix:{socket}", .. MetricsDoor.UrlsOf(settings.Telemetry)]);
        builder.Logging.AddLog(settings.Log);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10))
            .AddSingleton(settings.Store is null ? TimeProvider.System : new DatabaseClock(TimeProvider.System))
            .AddAccounts(settings.Accounts)
            .AddSingleton(settings.Secrets)
            .AddWebhooks(webhooks => webhooks.PerSecond = settings.WebhooksPerSecond)
            .AddInbox()
            .AddRules(folder)
            .AddRuns(provider => account => new ActionDefaults
            {
                AllowAdmin = settings.AllowAdmin,
                MaxNoteLength = provider.GetRequiredService<MisskeyAccountCheck>()[account].MaxNoteLength,
            })
            .AddSingleton(new LookTimes(settings.Settle))
            .AddScheduling()
            .AddBuiltInActions()
            .AddMisskey()
            .AddSources()
            .AddSingleton(StreamOrigins.Of(settings))
            .AddOutside(settings.Outside)
            .AddStorage(options => (options.DataDirectory, options.Postgres, options.Retention, options.AcceptsDataLoss) =
                (settings.Data, settings.Store, settings.Retention, settings.AcceptsDataLoss))
            .AddBackups(new StoreOptions { DataDirectory = settings.Data }.DatabasePath, settings.Store is null ? settings.Backups : null)
            .AddSharing()
            .AddConnecting(settings.Keys, settings.PublicUrl)
            .AddCheckup()
            .AddHealth(settings.Alerts)
            .AddOversight()
            .AddControl()
            .AddApiKeys()
            .AddDashboard(settings.Dashboard is null ? null : settings.Dashboard with { Shown = ShownSettings.Of(settings) })
            .AddTelemetry(settings.Telemetry)
            .AddSingleton<StartLog>()
            .AddSingleton<StrangeAccounts>()
            .AddSingleton<UntoldTriggers>()
            .AddSingleton<MissingSecrets>();
        more?.Invoke(builder);

        return builder.Build();
    }
}
