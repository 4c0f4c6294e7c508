using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Dashboard.SandboxPages;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Sandbox.People;

namespace MisskeyAutomations.Cli;

/// <summary><c>sandbox</c>: a stand-in Misskey with simulated people, and the engine with rules, in one process. Nothing leaves this machine.</summary>
internal static class SandboxCommand
{
    private static readonly string[] HookTypes = ["follow", "followed", "unfollow", "note", "reply", "renote", "mention"];

    public static Command Describe()
    {
        var rules = new Option<string?>("--rules") { Description = "The folder of rule files (default: the examples that come with the program)", HelpName = "PATH" };
        var length = new Option<int?>("--seconds")
        {
            Description = "End after so many seconds (default: when you press Ctrl+C)",
            CustomParser = given => Number(given, "--seconds takes a whole number above 0", above: 0),
        };
        var chaos = new Option<int?>("--chaos")
        {
            Description = "Let one in five calls go wrong, as networks, proxies and servers do; the same number chooses the same faults",
            HelpName = "SEED",
            CustomParser = given => Number(given, "--chaos takes a whole number", above: int.MinValue),
        };
        var command = new Command("sandbox", "Try rules with simulated people: nothing leaves this machine") { rules, length, chaos };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(rules) ?? ExampleRules, parsed.GetValue(length), parsed.GetValue(chaos), cancellationToken));
        return command;
    }

    private static int? Number(ArgumentResult given, string otherwise, int above)
    {
        if (int.TryParse(given.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number > above)
        {
            return number;
        }

        given.AddError($"{otherwise}, not '{given.Tokens[0].Value}'.");
        return null;
    }

    private static async Task PlayAsync(SimulatedPeople people, WebApplication engine, CancellationToken cancellationToken)
    {
        try
        {
            await people.RunAsync(cancellationToken);
        }
        finally
        {
            await engine.StopAsync(CancellationToken.None);
        }
    }

    private static string ExampleRules => Path.Combine(AppContext.BaseDirectory, "rules");

    private static async Task<int> RunAsync(string rulesPath, int? seconds, int? chaos, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var folder = RuleFolders.Open(rulesPath, allowAdmin: false);
        var reading = folder.Read();
        DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count);
        if (reading.RuleSet is not { } rules)
        {
            throw new CommandFailure(ExitCodes.BadRules, "The rules have errors, so nothing was started. Mend them and start again.");
        }

        var data = Directory.CreateTempSubdirectory("misskey-sandbox-");
        try
        {
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), ending.Token);
            await using var proxy = chaos is { } seed ? ChaosProxy.Start(misskey.Url, new ChaosPlan(seed).Choose, TimeProvider.System) : null;
            var people = new SimulatedPeople(misskey.World, TimeProvider.System);
            var account = new Account
            {
                Name = "main",
                Server = proxy?.Url ?? misskey.Url,
                Token = new Secret(people.Owner.Token),
                HookSecrets = [new Secret(Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)))],
                Source = AccountSource.Both,
                CatchUp = TimeSpan.FromMinutes(1),
                Followers = TimeSpan.FromMinutes(1),
            };
            var settings = new EngineSettings { Rules = rulesPath, Data = data.FullName, Urls = "http://127.0.0.1:0", Accounts = [account], Outside = new() { IsClosed = true }, Dashboard = new() { Urls = "http://127.0.0.1:0", IsSandbox = true } };
            await using var engine = await RunCommand.StartAsync(settings, folder, rules, ending.Token, builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
                builder.Services.AddSingleton(provider => new Playground(misskey.World, people, provider.GetRequiredService<LiveFeed>(), TimeProvider.System));
            });

            var console = new SandboxConsole(TimeProvider.System);
            SandboxConsole.Introduce(misskey.Url, rules, folder.Path, data.FullName, chaos, engine.Services.GetRequiredService<DashboardServer>().MakeLink());
            if (proxy is not null)
            {
                proxy.Chosen += console.Tell;
            }

            people.Acted += console.Tell;
            console.Listen(engine.Services.GetRequiredService<LiveFeed>(), engine.Services.GetRequiredService<RuleReloader>());
            misskey.World.AddWebhook(people.Owner, $"{RunCommand.AddressOf(engine)}/hooks/main", account.HookSecrets[0].Reveal(), HookTypes);
            if (seconds is { } limit)
            {
                ending.CancelAfter(TimeSpan.FromSeconds(limit));
            }

            await PlayAsync(people, engine, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Ctrl+C, or the time is up.
        }
        finally
        {
            data.Delete(recursive: true);
        }

        return ExitCodes.Done;
    }
}
