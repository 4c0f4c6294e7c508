using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>The names that settings have in <c>automations.yaml</c> and in the environment. One that is none of them is a mistake, and told.</summary>
internal static class SettingNames
{
    /// <summary>What the environment's names begin with.</summary>
    public const string Prefix = "MISSKEYAUTOMATIONS__";

    private const string Accounts = "accounts";
    private const string Http = "http";
    private const string Secrets = "secrets";
    private const string Allow = "allow";
    private const string To = "to";
    private const string Dashboard = "dashboard";
    private const string Hosts = "hosts";
    private const string Proxies = "proxies";

    private static readonly string[] Engine = ["rules", "data", "store", "urls", "allow-admin", "settle", "keys", "public-url", "webhooks", "retention", "backups", Http, "log", "telemetry", "alerts", Dashboard, Secrets, Accounts];

    // Those whose values are mappings of known names.
    private static readonly (string Name, string[] Names)[] Sections =
    [
        ("webhooks", ["per-second"]),
        ("retention", ["bodies", "private-bodies", "records"]),
        ("backups", ["directory", "hour", "keep"]),
        (Http, [Allow, "max-upload"]),
        ("log", ["format", "level"]),
        ("telemetry", ["otlp", "prometheus", "metrics-key", "metrics-key-file"]),
        ("alerts", [To, "to-file", "account", "user", "secret", "secret-file", "silence", "per-hour"]),
        (Dashboard, ["urls", Hosts, Proxies, "passphrase-file", "misskey-sign-in"]),
    ];

    private static readonly string[] Account =
    [
        "server", "token", "hook-secret", "previous-hook-secret", "system-hook-secret", "previous-system-hook-secret", "source", "catch-up", "followers",
        "server-file", "token-file", "hook-secret-file", "previous-hook-secret-file", "system-hook-secret-file", "previous-system-hook-secret-file",
    ];

    /// <summary>The setting that a variable means: <c>ALLOW_ADMIN</c> is <c>allow-admin</c>.</summary>
    public static string OfVariable(string name) => name.Replace('_', '-').ToLowerInvariant();

    /// <exception cref="CommandFailure">A name is unknown; the message says which was probably meant.</exception>
    public static void Check(IConfiguration file, IConfiguration environment)
    {
        Check(file, name => name, path => $"{EngineSettings.FileName}: '{path.Replace(':', '.')}'");
        Check(environment, OfVariable, path => $"The environment variable {Prefix}{path.Replace(":", "__", StringComparison.Ordinal)}");
    }

    private static void Check(IConfiguration settings, Func<string, string> nameOf, Func<string, Phrase> tell)
    {
        CheckNames(settings, Engine, nameOf, tell);
        foreach (var (section, names) in Sections)
        {
            CheckNames(settings.GetSection(section), names, nameOf, tell);
        }

        foreach (var account in settings.GetSection(Accounts).GetChildren())
        {
            CheckNames(account, Account, nameOf, tell);
        }
    }

    private static void CheckNames(IConfiguration settings, string[] known, Func<string, string> nameOf, Func<string, Phrase> tell)
    {
        foreach (var setting in settings.GetChildren())
        {
            var name = nameOf(setting.Key);
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new CommandFailure(ExitCodes.Configuration, NearestName.Find(name, known) is { } near
                    ? Phrase.Of($"{tell(setting.Path)} is no setting; did you mean '{near}'? There are: {string.Join(", ", known)}.")
                    : Phrase.Of($"{tell(setting.Path)} is no setting. There are: {string.Join(", ", known)}."));
            }

            var isSection = Sections.Any(section => section.Name == name);
            if ((isSection || name is Accounts or Secrets) && setting.Value is { Length: > 0 } value && !(name is Dashboard && value == DashboardSettings.Off))
            {
                throw new CommandFailure(ExitCodes.Configuration, $"{tell(setting.Path)} takes settings below it, each with its name.");
            }

            if (name is not (Accounts or Secrets or Allow or To or Hosts or Proxies) && !isSection && setting.GetChildren().Any())
            {
                throw new CommandFailure(ExitCodes.Configuration, $"{tell(setting.Path)} takes one value, not a list or a mapping.");
            }
        }
    }
}
