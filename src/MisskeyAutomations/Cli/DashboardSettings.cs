using System.Net;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Dashboard.SignIn;

namespace MisskeyAutomations.Cli;

/// <summary>Reads <c>dashboard:</c> of the configuration.</summary>
internal static class DashboardSettings
{
    /// <summary>What stands there instead of settings where no dashboard is wanted.</summary>
    public const string Off = "off";

    /// <param name="configuration">The configuration.</param>
    /// <param name="urls">Where webhooks are taken.</param>
    /// <returns>Null when none is wanted.</returns>
    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static DashboardOptions? Read(IConfiguration configuration, string urls)
    {
        var section = configuration.GetSection("dashboard");
        return section.Value == Off ? null : new()
        {
            Urls = section["urls"] is { Length: > 0 } text ? CheckUrls(text, urls) : DashboardOptions.DefaultUrls,
            Hosts = [.. ListOf(section.GetSection("hosts")).Select(CheckHost)],
            Proxies = [.. ListOf(section.GetSection("proxies")).Select(ReadProxy)],
            Passphrase = ReadPassphrase(section),
            MisskeySignIn = ReadMisskeySignIn(section["misskey-sign-in"]),
        };
    }

    private static bool ReadMisskeySignIn(string? text) => text is null or "" || (bool.TryParse(text, out var isWanted) ? isWanted
        : throw new CommandFailure(ExitCodes.Configuration, $"dashboard: misskey-sign-in takes true or false, not '{text}'."));

    private static string CheckUrls(string text, string urls)
    {
        foreach (var url in text.Split(';'))
        {
            if (!EngineSettings.IsAddress(url))
            {
                throw new CommandFailure(ExitCodes.Configuration,
                    $"'{url}' under dashboard: urls is no address to listen on. Write it like {DashboardOptions.DefaultUrls}, or `dashboard: off` for no dashboard.");
            }

            if (urls.Split(';').Any(other => new Uri(other.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)).Port is var port
                && port > 0 && url.EndsWith($":{port}", StringComparison.Ordinal)))
            {
                throw new CommandFailure(ExitCodes.Configuration, $"dashboard: urls must have a port of its own; on that of {url} webhooks are taken.");
            }
        }

        return text;
    }

    private static string CheckHost(string host) => Uri.CheckHostName(host) is UriHostNameType.Dns ? host
        : throw new CommandFailure(ExitCodes.Configuration, $"'{host}' under dashboard: hosts is no name of a machine. Write it as it stands in the browser, such as automations.example, without https:// and port.");

    private static IPNetwork ReadProxy(string text) =>
        IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw new CommandFailure(ExitCodes.Configuration, $"'{text}' under dashboard: proxies is no address. Write 127.0.0.1, or 172.18.0.0/16 for a network.");

    private static Secret? ReadPassphrase(IConfigurationSection section) => SecretSettings.Read(section, "passphrase") switch
    {
        null => null,
        { Length: >= Passphrase.Shortest and <= Passphrase.Longest } passphrase => new Secret(passphrase),
        _ => throw new CommandFailure(ExitCodes.Configuration, $"The passphrase in the file of dashboard: passphrase-file must have {Passphrase.Shortest} to {Passphrase.Longest} characters."),
    };

    // One text, several parted by commas, or a list.
    private static IEnumerable<string> ListOf(IConfigurationSection section) =>
        section.Value is { } one ? one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : section.GetChildren().Select(child => child.Value ?? "");
}
