using System.CommandLine;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary><c>accounts</c>: those of the configuration and those that were connected. What changes one reaches the running engine.</summary>
internal static class AccountsCommand
{
    public static Command Describe() => new("accounts", "List, add, remove, pause and resume accounts, and change a webhook's secret")
    {
        List(),
        Add(),
        Deed("remove", "Forget a connected account here alone; `disconnect` also deletes its webhook", AccountDeed.Remove),
        Deed("pause", "Stop what an account would change, until it is resumed", AccountDeed.Pause),
        Deed("resume", "Let an account go on", AccountDeed.Resume),
        Deed("rotate-secret", "Give the webhook of a connected account a new secret, without losing a delivery", AccountDeed.RotateSecret),
    };

    /// <summary>Lets a command take the name of an account, and do something with it.</summary>
    public static void AddDeed(Command command, AccountDeed deed)
    {
        var name = new Argument<string>("NAME") { Description = "The account's name" };
        name.CompletionSources.Add(Completions.AccountNames);
        var data = CommonOptions.Data();
        command.Add(name);
        command.Add(data);
        command.Add(Languages.Option());
        command.SetAction((parsed, cancellationToken) => OrderAsync(
            EngineSettings.Read(null, parsed.GetValue(data), null),
            new AccountOrder { Deed = deed, Name = parsed.GetRequiredValue(name), Language = Languages.CodeOf(parsed) },
            cancellationToken));
    }

    /// <summary>Runs what may take its time; whoever ends it is told where that leaves him.</summary>
    public static async Task<int> UntilEndedAsync(Func<Task<int>> workAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await workAsync();
        }
        catch (OperationCanceledException ended) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCodes.Temporary, $"It was ended before it was done; what was not connected yet is not kept. `accounts list` shows what is.", ended);
        }
    }

    /// <summary>The token on the standard input; a terminal is asked for it.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string ReadToken()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.Write(Phrase.Of("Token: ").In(Languages.OfEnvironment));
        }

        var text = (Console.IsInputRedirected ? Console.In.ReadLine() : ReadHidden())?.Trim();
        return !string.IsNullOrEmpty(text) && text.All(character => character is >= '!' and <= '~') ? text
            : throw new CommandFailure(ExitCodes.Usage, $"The standard input held no token. Make one in Misskey under Settings > API, and give it in one line: no spaces, nothing else.");
    }

    /// <summary>The server that an argument names.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public static ServerAddress ReadServer(string text)
    {
        try
        {
            return ServerAddress.Read(text);
        }
        catch (ConnectingException wrong)
        {
            throw new CommandFailure(ExitCodes.Usage, wrong.Sentence, wrong);
        }
    }

    private static Command Deed(string name, string description, AccountDeed deed)
    {
        var command = new Command(name, description);
        AddDeed(command, deed);
        return command;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List the accounts") { data, Languages.Option() };
        command.SetAction(parsed =>
        {
            Print(EngineSettings.Read(null, parsed.GetValue(data), null), Languages.Of(parsed));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Add()
    {
        var server = new Argument<string>("SERVER") { Description = "The Misskey server, such as misskey.example" };
        var name = new Option<string>("--name") { Description = "What the account is called here", HelpName = "NAME", Required = true };
        var url = new Option<string?>("--url") { Description = "Where this engine is reached from outside (default: the setting public-url)", HelpName = "PUBLIC_URL" };
        var data = CommonOptions.Data();
        var command = new Command("add", "Add an account whose token, and webhook if any, you make by hand; the token is read from the standard input") { server, name, url, data, Languages.Option() };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = EngineSettings.Read(null, parsed.GetValue(data), null);
            var address = ReadServer(parsed.GetRequiredValue(server));
            return OrderAsync(
                settings,
                new AccountOrder
                {
                    Deed = AccountDeed.Add,
                    Server = address.Origin,
                    Username = address.Username,
                    Name = parsed.GetRequiredValue(name),
                    PublicUrl = EngineSettings.ReadPublicUrl(parsed.GetValue(url), "--url") ?? settings.PublicUrl,
                    Token = ReadToken(),
                    Language = Languages.CodeOf(parsed),
                },
                cancellationToken);
        });
        return command;
    }

    private static Task<int> OrderAsync(EngineSettings settings, AccountOrder order, CancellationToken cancellationToken) => UntilEndedAsync(
        async () =>
        {
            if (await AccountOrders.SendAsync(settings.Data, order, cancellationToken) is { } exit)
            {
                return exit;
            }

            await using var app = await RunCommand.OpenAsync(settings, cancellationToken);
            return await AccountOrders.ExecuteAsync(app.Services, order, cancellationToken);
        },
        cancellationToken);

    private static void Print(EngineSettings settings, Translation language)
    {
        var paused = KnownAccounts.PausedOf(settings);
        var connected = KnownAccounts.ConnectedOf(settings);
        Phrase StateOf(string name) => paused.Contains(name) ? Phrase.Of("paused") : Phrase.Of("active");
        foreach (var account in settings.Accounts)
        {
            Console.WriteLine(Phrase.Of($"{account.Name}  {account.Server.Authority}  {StateOf(account.Name)}, from the configuration, {SourceChoice.WordOf(account.Source)}").In(language));
        }

        foreach (var (name, account) in connected)
        {
            Phrase line = account is null ? Phrase.Of($"{name}  cannot be read: its key is not in {settings.Keys}. Put the keys back from a backup, or connect it anew.")
                : account.Source is AccountSource.Streaming ? Phrase.Of($"{name}  @{account.Username}@{account.Server.Authority}  {StateOf(name)}, connected, streaming")
                : account is { HookUrl: { } both, Source: AccountSource.Both } ? Phrase.Of($"{name}  @{account.Username}@{account.Server.Authority}  {StateOf(name)}, connected, streaming and webhook {both}")
                : account.HookUrl is { } url ? Phrase.Of($"{name}  @{account.Username}@{account.Server.Authority}  {StateOf(name)}, connected, webhook {url}")
                : Phrase.Of($"{name}  @{account.Username}@{account.Server.Authority}  {StateOf(name)}, connected, without a webhook of ours");
            Console.WriteLine(line.In(language));
        }

        if (settings.Accounts.Count + connected.Count == 0)
        {
            Console.WriteLine(Phrase.Of("There are none yet. `connect SERVER` connects one.").In(language));
        }
    }

    private static string ReadHidden()
    {
        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            text.Length = key.Key == ConsoleKey.Backspace && text.Length > 0 ? text.Length - 1 : text.Length;
            _ = char.IsControl(key.KeyChar) ? text : text.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
