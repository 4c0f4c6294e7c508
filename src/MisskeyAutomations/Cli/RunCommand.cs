using System.CommandLine;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Cli;

/// <summary><c>run</c>: the engine for real accounts.</summary>
internal static class RunCommand
{
    private const string HowToGetAnAccount =
        "No account is set up. `connect SERVER` connects one. Or set MISSKEY_SERVER, MISSKEY_TOKEN and MISSKEY_HOOK_SECRET, or write accounts into automations.yaml. "
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

        var (folder, rules) = ReadRules(settings, names ?? []);
        try
        {
            await using var app = await StartAsync(settings, folder, rules, cancellationToken, mustHaveAccounts: true);
            await ServeAsync(app, folder, rules, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to end before it had quite begun.
        }

        return ExitCodes.Done;
    }

    /// <summary>Reads the rules and shows what is wrong with them.</summary>
    /// <exception cref="CommandFailure">They have errors.</exception>
    public static (RuleFolder Folder, RuleSet Rules) ReadRules(EngineSettings settings, IReadOnlyList<string> accounts)
    {
        var folder = RuleFolders.Open(settings.Rules, settings.AllowAdmin, accounts);
        var reading = folder.Read();
        DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count);
        return reading.RuleSet is { } rules ? (folder, rules)
            : throw new CommandFailure(ExitCodes.BadRules, "The rules have errors, so nothing was started. Mend them and start again.");
    }

    /// <summary>Says where it listens, and stays until it is told to end.</summary>
    public static async Task ServeAsync(WebApplication app, RuleFolder folder, RuleSet rules, CancellationToken cancellationToken)
    {
        var addresses = string.Join(", ", app.Services.GetRequiredService<AccountDirectory>().All.Select(account => $"{AddressOf(app)}/hooks/{account.Name}").Order(StringComparer.Ordinal));
        Console.WriteLine(Phrase.Of($"In force: {Counts.Rules(rules.Rules.Count)} from {folder.Path}. Webhooks are taken at {addresses}. Ctrl+C ends it.").In(Languages.OfEnvironment));
        app.Services.GetRequiredService<RuleReloader>().Reloaded += (reading, _) => DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count);
        await app.WaitForShutdownAsync(cancellationToken);
    }

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
            LoadAccounts(app, mustHaveAccounts);
            File.Delete(ControlSocket.PathIn(settings.Data));
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
    public static WebApplication Open(EngineSettings settings)
    {
        var app = Build(settings, new RuleFolder(settings.Rules, ActionTable.For(settings.AllowAdmin)), more: null);
        try
        {
            app.Services.GetRequiredService<ConnectedAccounts>().Load();
            return app;
        }
        catch (Exception trouble) when (StartTrouble.Explain(trouble, settings) is { } failure)
        {
            ((IDisposable)app).Dispose();
            throw new CommandFailure(failure.ExitCode, failure.Sentence, trouble);
        }
    }

    private static void LoadAccounts(WebApplication app, bool mustHaveAccounts)
    {
        var accounts = app.Services.GetRequiredService<ConnectedAccounts>();
        accounts.Load();
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
        builder.WebHost.UseUrls(settings.Urls, $"http://unix:{socket}");
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical).AddFilter("System", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning).AddFilter("Polly", LogLevel.None);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10))
            .AddSingleton(TimeProvider.System)
            .AddAccounts(settings.Accounts)
            .AddSingleton(settings.Secrets)
            .AddWebhooks()
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
            .AddOutside(settings.Outside)
            .AddStorage(options => (options.DataDirectory, options.Postgres) = (settings.Data, settings.Store))
            .AddSharing()
            .AddConnecting(settings.Keys, settings.PublicUrl)
            .AddSingleton<StrangeAccounts>()
            .AddSingleton<UntoldTriggers>()
            .AddSingleton<MissingSecrets>();
        more?.Invoke(builder);

        return builder.Build();
    }
}
