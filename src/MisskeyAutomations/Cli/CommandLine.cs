using System.CommandLine;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Cli;

/// <summary>The commands. Every failure is one sentence on standard error and an exit code that says what kind it was.</summary>
internal static class CommandLine
{
    // What is on its way when the program is told to end is finished and written down; the framework would cut it off after 2 s.
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        // Numbers and dates mean the same on every machine, whatever its language.
        System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
        System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;

        // Lines are for the terminal to wrap: what is copied or piped stays whole.
        Spectre.Console.AnsiConsole.Profile.Width = 4_000;

        var parsed = Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not Suggestions)
        {
            await parsed.InvokeAsync();
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndsWithin,
            });
        }
        catch (CommandFailure failure)
        {
            return Fail(failure.ExitCode, failure.Sentence.In(Languages.Of(parsed)));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            return Fail(ExitCodes.Storage, trouble.Message);
        }
    }

    /// <summary>Says a sentence on standard error.</summary>
    public static void Tell(string message) => Console.Error.WriteLine($"misskey-automations: {message}");

    private static int Fail(int exitCode, string message)
    {
        Tell(message);
        return exitCode;
    }

    /// <summary>Understands a command line. <c>@name</c> is a word like any other, not a file to be read.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args) => Describe().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static RootCommand Describe()
    {
        var options = new EngineOptions();
        var run = RunCommand.Describe(options);
        var root = new RootCommand("Automations for Misskey: webhooks come in, your rules decide, actions go out.")
        {
            run,
            ConnectCommand.Describe(options),
            DisconnectCommand.Describe(),
            AccountsCommand.Describe(),
            DoctorCommand.Describe(),
            SandboxCommand.Describe(),
            ValidateCommand.Describe(),
            TestCommand.Describe(),
            ExplainCommand.Describe(),
            ScopesCommand.Describe(),
            RecipesCommand.Describe(),
            WhyCommand.Describe(),
            SimulateCommand.Describe(),
            ReplayCommand.Describe(),
            FmtCommand.Describe(),
            SchemaCommand.Describe(),
            CompletionCommand.Describe(),
            UncertainCommand.Describe(),
            QuarantineCommand.Describe(),
            MigrateStoreCommand.Describe(),
            PanicCommand.Describe(),
            DashboardCommand.Describe(),
            ApiKeysCommand.Describe(),
            AlertsCommand.Describe(),
            BackupCommand.Describe(),
            RestoreCommand.Describe(),
            RestoreCommand.DescribeRepair(),
            PurgeCommand.Describe(),
        };

        // Without a command it runs.
        options.AddTo(root);
        root.SetAction((parsed, cancellationToken) => RunCommand.RunAsync(parsed, options, cancellationToken));
        Suggestions.AddTo(root);
        return root;
    }
}

/// <summary>The options that the engine is started with.</summary>
internal sealed class EngineOptions
{
    public Option<string?> Rules { get; } = CommonOptions.Rules();

    public Option<string?> Data { get; } = new("--data") { Description = "The folder of the engine's own data (default: data)", HelpName = "PATH" };

    public Option<string?> Urls { get; } = new("--urls") { Description = "Where to listen (default: http://127.0.0.1:8080)", HelpName = "URLS" };

    public Option<bool> AcceptDataLoss { get; } = new("--accept-data-loss") { Description = "Where the database is damaged: set it aside and begin with an empty one" };

    public void AddTo(Command command)
    {
        command.Add(AcceptDataLoss);
        command.Add(Rules);
        command.Add(Data);
        command.Add(Urls);
    }

    public EngineSettings Read(ParseResult parsed) =>
        EngineSettings.Read(parsed.GetValue(Rules), parsed.GetValue(Data), parsed.GetValue(Urls)) with { AcceptsDataLoss = parsed.GetValue(AcceptDataLoss) };
}
