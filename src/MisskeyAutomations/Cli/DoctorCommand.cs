using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Cli;

/// <summary><c>doctor</c>: looks at everything between Misskey and the rules, a line for each thing, with what to do about it.</summary>
internal static class DoctorCommand
{
    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Describe()
    {
        var engine = new EngineOptions();
        var account = new Option<string?>("--account") { Description = "Look at this account alone", HelpName = "NAME" };
        account.CompletionSources.Add(Completions.AccountNames);
        var json = new Option<bool>("--json") { Description = "Write what is found for machines" };
        var command = new Command("doctor", "Look at accounts, webhooks, permissions, clock, store and rules, and say what to do") { account, json, engine.Rules, engine.Data, Languages.Option() };
        command.SetAction((parsed, cancellationToken) => AccountsCommand.UntilEndedAsync(
            () => RunAsync(
                EngineSettings.Read(parsed.GetValue(engine.Rules), parsed.GetValue(engine.Data), null),
                parsed.GetValue(account), parsed.GetValue(json), Languages.Of(parsed), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(EngineSettings settings, string? only, bool isJson, Translation language, CancellationToken cancellationToken)
    {
        var connected = KnownAccounts.ConnectedOf(settings);
        var accounts = KnownAccounts.AllOf(settings).Where(account => only is null || account.Name == only).ToArray();
        if (only is not null && accounts.Length == 0 && connected.All(known => known.Name != only))
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is no account {only}. `accounts list` names them.");
        }

        var found = new List<(string? Account, Finding Finding)>();
        void Take(string? account, Finding finding)
        {
            found.Add((account, finding));
            if (!isJson)
            {
                Print(account, finding, language);
            }
        }

        var machine = new MachineCheckup(settings, TimeProvider.System);
        foreach (var finding in machine.Look())
        {
            Take(null, finding);
        }

        if (accounts.Length == 0 && connected.Count == 0)
        {
            Take(null, Finding.Bad("accounts", $"No account is set up. `connect SERVER` connects one."));
        }

        foreach (var (name, _) in connected.Where(known => known.Account is null && (only is null || known.Name == only)))
        {
            Take(name, Finding.Bad("keys", $"Its secrets cannot be read: their key is not in {settings.Keys}. Put the keys back from a backup, or connect the account anew."));
        }

        await using var services = Services(accounts);
        var streams = await StreamCheckup.AskAsync(settings.Data, cancellationToken);
        foreach (var account in accounts)
        {
            var looks = services.GetRequiredService<AccountCheckup>().LookAsync(
                account, connected.FirstOrDefault(known => known.Name == account.Name).Account, machine.Rules, cancellationToken);
            await foreach (var finding in looks)
            {
                Take(account.Name, finding);
            }

            if (account.IsStreamed)
            {
                Take(account.Name, streams.LookAt(account));
            }
        }

        if (isJson)
        {
            PrintJson(found, language);
        }

        return found.Any(entry => entry.Finding.Mark == Mark.Bad) ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static ServiceProvider Services(IReadOnlyList<Account> accounts) => new ServiceCollection().AddLogging()
        .AddAccounts(accounts).AddMisskey().AddSingleton<TokenProbe>().AddSingleton<MisskeyHooks>().AddSingleton<ServerLook>().AddCheckup().BuildServiceProvider();

    private static void Print(string? account, Finding finding, Translation language)
    {
        var sign = finding.Mark switch { Mark.Good => "✓", Mark.Doubtful => "!", _ => "✗" };
        Console.WriteLine($"{sign} {(account is null ? "" : $"{account}: ")}{finding.Sentence.In(language)}");
    }

    private static void PrintJson(IEnumerable<(string? Account, Finding Finding)> found, Translation language)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, Written))
        {
            json.WriteStartArray();
            foreach (var (account, finding) in found)
            {
                json.WriteStartObject();
                json.WriteString("account", account);
                json.WriteString("check", finding.Check);
                json.WriteString("mark", finding.Mark switch { Mark.Good => "ok", Mark.Doubtful => "warning", _ => "error" });
                json.WriteString("text", finding.Sentence.In(language));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Console.WriteLine();
    }
}
