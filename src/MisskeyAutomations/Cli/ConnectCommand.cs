using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary><c>connect SERVER</c>: from nothing to an account that acts: token, webhook, proof. Where no engine runs, it becomes one.</summary>
internal static class ConnectCommand
{
    public static Command Describe(EngineOptions engine)
    {
        var server = new Argument<string>("SERVER") { Description = "The Misskey server, such as misskey.example" };
        var name = new Option<string?>("--name") { Description = "What the account is called here (default: main, or the user's name)", HelpName = "NAME" };
        var url = new Option<string?>("--url") { Description = "Where this engine is reached from outside, for a webhook (default: the setting public-url; without it events are streamed)", HelpName = "PUBLIC_URL" };
        var token = new Option<bool>("--token-stdin") { Description = "Read a token that was made by hand from the standard input" };
        var permissions = new Option<bool>("--permissions") { Description = "Print what the token must be allowed, and do nothing" };
        var replace = new Option<string?>("--replace") { Description = "The webhook that may go where the server allows no more", HelpName = "ID" };
        var timeout = new Option<double?>("--timeout") { Description = "How long to wait for you to allow it (default: 600)", HelpName = "SECONDS", CustomParser = Seconds };
        var noRun = new Option<bool>("--no-run") { Description = "End when it is connected, where no engine runs yet" };
        var command = new Command("connect", "Connect an account: makes its token, and a webhook where --url is given, and proves that events arrive")
        {
            server, name, url, token, permissions, replace, timeout, noRun, Languages.Option(),
        };
        engine.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = engine.Read(parsed);
            if (parsed.GetValue(permissions))
            {
                return PrintPermissions(settings, parsed.GetValue(name), hasHook: (parsed.GetValue(url) ?? settings.PublicUrl?.ToString()) is not null, Languages.Of(parsed));
            }

            var address = AccountsCommand.ReadServer(parsed.GetRequiredValue(server));
            var order = new AccountOrder
            {
                Deed = AccountDeed.Connect,
                Server = address.Origin,
                Username = address.Username,
                Name = parsed.GetValue(name),
                PublicUrl = EngineSettings.ReadPublicUrl(parsed.GetValue(url), "--url") ?? settings.PublicUrl,
                Token = parsed.GetValue(token) ? AccountsCommand.ReadToken() : null,
                Replace = parsed.GetValue(replace),
                Seconds = parsed.GetValue(timeout),
                Language = Languages.CodeOf(parsed),
            };
            return await AccountsCommand.UntilEndedAsync(
                async () => await AccountOrders.SendAsync(settings.Data, order, cancellationToken)
                    ?? await BecomeEngineAsync(settings, order, staysOn: !parsed.GetValue(noRun), cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static double? Seconds(ArgumentResult given)
    {
        if (double.TryParse(given.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400)
        {
            return seconds;
        }

        given.AddError($"--timeout takes seconds, above 0 and up to 86400, not '{given.Tokens[0].Value}'.");
        return null;
    }

    private static async Task<int> BecomeEngineAsync(EngineSettings settings, AccountOrder order, bool staysOn, CancellationToken cancellationToken)
    {
        using var second = SecondSignal.Listen();
        var (folder, reading, rules) = RunCommand.ReadRules(settings, KnownAccounts.NamesOf(settings) ?? []);

        // Until it is connected, what is told about that is not to drown in the log.
        var isQuiet = true;
        await using var app = await RunCommand.StartAsync(
            settings, folder, rules, cancellationToken, builder => builder.Logging.AddFilter(
                (_, level) => level >= settings.Log.Level && (level >= LogLevel.Warning || !Volatile.Read(ref isQuiet))));
        int exit;
        try
        {
            exit = await AccountOrders.ExecuteAsync(app.Services, order, cancellationToken);
        }
        catch
        {
            // Loops that are disposed of while they run would each complain of it.
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        if (!staysOn)
        {
            await app.StopAsync(CancellationToken.None);
            return exit;
        }

        Volatile.Write(ref isQuiet, false);
        return await RunCommand.ServeAsync(app, settings, folder, reading, cancellationToken);
    }

    private static int PrintPermissions(EngineSettings settings, string? name, bool hasHook, Translation language)
    {
        var (_, _, rules) = RunCommand.ReadRules(settings, KnownAccounts.NamesOf(settings) ?? []);
        foreach (var need in TokenPermissions.NeedsOf(rules, name, connects: hasHook))
        {
            Phrase? title = Misskey.Permissions.TitleOf(need.Permission);
            Console.WriteLine(title is null ? need.Permission : $"{need.Permission}  {title.In(language)}");
        }

        return ExitCodes.Done;
    }
}
