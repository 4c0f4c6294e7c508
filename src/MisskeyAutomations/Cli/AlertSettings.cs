using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Health.Alerts;

namespace MisskeyAutomations.Cli;

/// <summary>Reads <c>alerts:</c> of the configuration.</summary>
internal static partial class AlertSettings
{
    private const int MostPerHour = 100;
    private const int ShortestKey = 16;
    private const string ToMisskey = "misskey";

    /// <param name="configuration">The configuration.</param>
    /// <param name="accounts">The accounts that may tell.</param>
    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static AlertOptions Read(IConfiguration configuration, IReadOnlyList<Account> accounts)
    {
        var section = configuration.GetSection("alerts");
        if (!section.Exists())
        {
            return new();
        }

        var key = ReadKey(section);
        var targets = TextsOf(section).Select(text => ReadTarget(text, key, section, accounts)).ToList();
        return new()
        {
            Targets = targets.Count > 0 ? targets
                : throw new CommandFailure(ExitCodes.Configuration, "alerts: to is missing. Write misskey, an address such as https://hooks.example/alerts, or a list of them."),
            Silence = ReadSilence(section["silence"]),
            PerHour = ReadPerHour(section["per-hour"]),
            Language = Languages.OfEnvironment,
        };
    }

    private static IEnumerable<string> TextsOf(IConfigurationSection section)
    {
        var to = section.GetSection("to");
        IEnumerable<string?> texts = to.Value is { } one ? [one] : to.GetChildren().Select(child => child.Value);
        return texts.Append(section["to-file"] is null ? null : SecretSettings.Read(section, "to")).OfType<string>().Where(text => text.Length > 0).Distinct(StringComparer.Ordinal);
    }

    private static AlertTarget ReadTarget(string text, Secret? key, IConfigurationSection section, IReadOnlyList<Account> accounts)
    {
        if (text == ToMisskey)
        {
            return new AlertTarget.Misskey(ReadAccount(section["account"], accounts), ReadUser(section["user"]));
        }

        // Not shown: who knows the address may write to it.
        return WebAddress.TryRead(text, out var uri) && uri.UserInfo.Length == 0 ? new AlertTarget.Http(new Secret(text), key)
            : throw new CommandFailure(ExitCodes.Configuration, "alerts: to takes misskey, or an address such as https://hooks.example/alerts without a name and password in it.");
    }

    private static string ReadAccount(string? name, IReadOnlyList<Account> accounts)
    {
        var account = name is { Length: > 0 } ? accounts.FirstOrDefault(one => one.Name == name) : accounts.Count == 1 ? accounts[0] : null;
        return account?.Name ?? throw new CommandFailure(ExitCodes.Configuration,
            $"alerts: account must name the account that tells: {string.Join(", ", accounts.Select(one => one.Name))}.");
    }

    private static string? ReadUser(string? text) => text is null or "" ? null
        : UserName.IsMatch(text) ? text
        : throw new CommandFailure(ExitCodes.Configuration, $"alerts: user takes a name such as @owner or @owner@misskey.example, not '{text}'.");

    private static Secret? ReadKey(IConfigurationSection section)
    {
        const string Prefix = "whsec_";
        var key = SecretSettings.ReadKey(section, "secret", ShortestKey);
        return key?.Reveal() is { } text && text.StartsWith(Prefix, StringComparison.Ordinal) && !Convert.TryFromBase64String(text[Prefix.Length..], new byte[text.Length], out _)
            ? throw new CommandFailure(ExitCodes.Configuration, "alerts: secret begins with whsec_, and what follows is no Base64.")
            : key;
    }

    private static TimeSpan? ReadSilence(string? text)
    {
        if (text is null or "")
        {
            return TimeSpan.FromDays(1);
        }

        if (text is "off" or "false")
        {
            return null;
        }

        return Hours.Match(text) is { Success: true } match && TimeSpan.FromHours(int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * (match.Groups["unit"].Value == "d" ? 24 : 1)) is var silence
            && silence >= TimeSpan.FromHours(1) && silence <= TimeSpan.FromDays(30) ? silence
            : throw new CommandFailure(ExitCodes.Configuration, $"alerts: silence takes a time from 1h to 30d, such as 24h, or off, not '{text}'.");
    }

    private static int ReadPerHour(string? text) => text is null or "" ? new AlertOptions().PerHour
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostPerHour ? number
        : throw new CommandFailure(ExitCodes.Configuration, $"alerts: per-hour takes a number from 1 to {MostPerHour}, not '{text}'.");

    [GeneratedRegex(@"\A(?<number>[0-9]{1,4})(?<unit>[hd])\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Hours { get; }

    [GeneratedRegex(@"\A@[A-Za-z0-9_-]+(@[A-Za-z0-9.-]+)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UserName { get; }
}
