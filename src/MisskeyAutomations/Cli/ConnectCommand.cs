using System.CommandLine;
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
        var timeout = new Option<double?>("--timeout") { Description = "How long to wait for you to allow it (default: 600)", HelpName = "SECONDS" };
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

            var order = new AccountOrder
            {
                Deed = AccountDeed.Connect,
                Server = ServerOf(parsed.GetRequiredValue(server)),
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

    /// <summary>The server's origin, as people write it: with or without <c>https://</c>, and whatever path was copied along.</summary>
    /// <exception cref="CommandFailure">It is no address.</exception>
    public static Uri ServerOf(string text)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Host.Length == 0)
        {
            throw new CommandFailure(ExitCodes.Usage, $"'{text}' is no server. Write it like misskey.example.");
        }

        // A name without a dot is one of this network, such as that of a container.
        return uri.Scheme == "https" || uri.IsLoopback || !uri.Host.Contains('.', StringComparison.Ordinal) ? new Uri(uri.GetLeftPart(UriPartial.Authority))
            : throw new CommandFailure(ExitCodes.Usage, $"http:// would send the token in clear. Write https://{uri.Authority}.");
    }

    private static async Task<int> BecomeEngineAsync(EngineSettings settings, AccountOrder order, bool staysOn, CancellationToken cancellationToken)
    {
        using var second = SecondSignal.Listen();
        var (folder, reading, rules) = RunCommand.ReadRules(settings, KnownAccounts.NamesOf(settings) ?? []);

        // Until it is connected, what is told about that is not to drown in the log.
        var isQuiet = true;
        await using var app = await RunCommand.StartAsync(
            settings, folder, rules, cancellationToken, builder => builder.Logging.AddFilter((_, level) => level >= LogLevel.Warning || !Volatile.Read(ref isQuiet)));
        var exit = await AccountOrders.ExecuteAsync(app.Services, order, cancellationToken);
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
