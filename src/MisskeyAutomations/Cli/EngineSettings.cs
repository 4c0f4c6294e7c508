using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Telemetry.Logs;
using MisskeyAutomations.Telemetry;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Cli;

/// <summary>What the engine is started with: options before environment before <c>automations.yaml</c> before defaults.</summary>
internal sealed partial record EngineSettings
{
    public const string FileName = "automations.yaml";

    /// <summary>The rules folder; <c>rules</c> by default.</summary>
    public required string Rules { get; init; }

    /// <summary>Where the store is kept; <c>data</c> by default.</summary>
    public required string Data { get; init; }

    /// <summary>The connection string of a PostgreSQL database that holds the store; null for a database in <see cref="Data"/>.</summary>
    public string? Store { get; init; }

    /// <summary>Where it listens; <c>http://127.0.0.1:8080</c> by default.</summary>
    public required string Urls { get; init; }

    /// <summary>Whether <c>api:</c> may call account-changing and administrators' endpoints.</summary>
    public bool AllowAdmin { get; init; }

    /// <summary>How long a request whose answer was missed may still come into effect; 90 s by default.</summary>
    public TimeSpan Settle { get; init; } = LookTimes.Default.Settle;

    /// <summary>How many webhooks an account takes in a second; 100 by default.</summary>
    public int WebhooksPerSecond { get; init; } = new WebhookOptions().PerSecond;

    /// <summary>Whether a damaged database is set aside and an empty one begun.</summary>
    public bool AcceptsDataLoss { get; init; }

    /// <summary>How long the store keeps what came.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>The backups that it makes by itself; null: none.</summary>
    public BackupOptions? Backups { get; init; }

    /// <summary>The directory of the keys with which connected accounts are encrypted; <c>keys</c> in <see cref="Data"/> by default.</summary>
    public string Keys
    {
        get => field ?? Path.Combine(Data, "keys");
        init;
    }

    /// <summary>Where the engine is reached from outside, such as <c>https://your.host</c>; null where it is not, or nobody said.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>What rules may call beside Misskey.</summary>
    public OutsideOptions Outside { get; init; } = new();

    /// <summary>The secrets that rules may name.</summary>
    public RuleSecrets Secrets { get; init; } = RuleSecrets.None;

    /// <summary>How the log is written.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>Who is told how the engine does.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Where the dashboard is; null for none.</summary>
    public DashboardOptions? Dashboard { get; init; }

    /// <summary>Who is told of the engine's own trouble.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>The accounts; none is an error for <c>run</c>.</summary>
    public required IReadOnlyList<Account> Accounts { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CommandFailure">The file or a value is wrong.</exception>
    public static EngineSettings Read(string? rules, string? data, string? urls) => Read(rules, data, urls, Load());

    /// <summary>Reads the settings from a folder's file and these variables alone.</summary>
    /// <exception cref="CommandFailure">The file or a value is wrong.</exception>
    public static EngineSettings Read(string folder, IReadOnlyDictionary<string, string> variables) => Read(null, null, null, Load(folder, variables));

    private static EngineSettings Read(string? rules, string? data, string? urls, IConfigurationRoot configuration)
    {
        try
        {
            var accounts = AccountReader.Read(configuration);
            var dataDirectory = data ?? configuration["data"] ?? "data";
            var listening = CheckUrls(urls ?? configuration["urls"] ?? "http://127.0.0.1:8080");
            return new EngineSettings
            {
                Rules = rules ?? configuration["rules"] ?? "rules",
                Data = dataDirectory,
                Store = ReadStore(configuration),
                Urls = listening,
                AllowAdmin = IsTrue(configuration, "allow-admin"),
                Settle = ReadSettle(configuration["settle"]),
                WebhooksPerSecond = ReadPerSecond(configuration["webhooks:per-second"]),
                Retention = KeepingSettings.ReadRetention(configuration),
                Backups = KeepingSettings.ReadBackups(configuration, dataDirectory),
                Keys = configuration["keys"] is { Length: > 0 } keys ? keys : null!,
                PublicUrl = ReadPublicUrl(configuration["public-url"], "public-url"),
                Outside = OutsideSettings.Read(configuration),
                Secrets = RuleSecrets.Read(configuration),
                Log = TelemetrySettings.ReadLog(configuration),
                Telemetry = TelemetrySettings.Read(configuration, listening),
                Dashboard = DashboardSettings.Read(configuration, listening),
                Alerts = AlertSettings.Read(configuration, accounts),
                Accounts = accounts,
            };
        }
        catch (AccountException wrong)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"{wrong.Message}", wrong);
        }
    }

    /// <summary>The data directory alone, for commands that must work whatever the rest of the settings says.</summary>
    /// <exception cref="CommandFailure">It is not named, and the file that may name it is wrong.</exception>
    public static string ReadData(string? data) => data ?? Load()["data"] ?? "data";

    /// <summary>The connection string of the store alone, for commands that read it; null for a database in the data directory.</summary>
    /// <exception cref="CommandFailure">The settings are wrong.</exception>
    public static string? ReadStore() => ReadStore(Load());

    /// <summary>How long the store keeps what came, for commands that tell of it.</summary>
    /// <exception cref="CommandFailure">The settings are wrong.</exception>
    public static RetentionOptions ReadRetention() => KeepingSettings.ReadRetention(Load());

    /// <summary>Where backups go and how many are kept, whether the engine makes them by itself or a command does.</summary>
    /// <exception cref="CommandFailure">The settings are wrong.</exception>
    public static BackupOptions ReadBackups(string data) => KeepingSettings.ReadBackups(Load(), data) ?? new BackupOptions { Directory = BackupOptions.DirectoryIn(data) };

    /// <summary>The rules folder alone, for commands that need no other setting.</summary>
    /// <exception cref="CommandFailure">It is not named, and the file that may name it is wrong.</exception>
    public static string ReadRules(string? rules) => rules ?? Load()["rules"] ?? "rules";

    /// <summary>Whether <c>api:</c> may call account-changing and administrators' endpoints, for commands that need no other setting.</summary>
    /// <exception cref="CommandFailure">The settings are wrong.</exception>
    public static bool ReadAllowAdmin() => IsTrue(Load(), "allow-admin");

    private static IConfigurationRoot Load() => Load(Directory.GetCurrentDirectory(), Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string ?? "", StringComparer.Ordinal));

    private static IConfigurationRoot Load(string folder, IReadOnlyDictionary<string, string> variables)
    {
        try
        {
            var file = new ConfigurationBuilder().SetBasePath(folder).AddYamlFile(FileName, optional: true, reloadOnChange: false).Build();
            var environment = new ConfigurationBuilder().AddInMemoryCollection(
                variables.Where(variable => variable.Key.StartsWith(SettingNames.Prefix, StringComparison.OrdinalIgnoreCase))
                    .Select(variable => KeyValuePair.Create(variable.Key[SettingNames.Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)variable.Value))).Build();
            SettingNames.Check(file, environment);
            return new ConfigurationBuilder()
                .AddConfiguration(file)
                .AddInMemoryCollection(environment.AsEnumerable().Select(pair => KeyValuePair.Create(SettingNames.OfVariable(pair.Key), pair.Value)))
                .AddInMemoryCollection(variables.Where(variable => variable.Key.StartsWith("MISSKEY_", StringComparison.Ordinal)).Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)))
                .Build();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"{FileName} cannot be read: {Sentence(wrong.GetBaseException())}", wrong);
        }
    }

    // The YAML reader keeps the place out of its sentence, and only shows it beside it.
    private static Phrase Sentence(Exception wrong) => Place.Match(wrong.ToString()) is { Success: true } place
        ? Phrase.Of($"line {place.Groups["line"]}, column {place.Groups["column"]}: {wrong.Message.ReplaceLineEndings(" ")}")
        : Phrase.Of($"{wrong.Message.ReplaceLineEndings(" ")}");

    private static bool IsTrue(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text
        && (bool.TryParse(text, out var isTrue) ? isTrue
            : throw new CommandFailure(ExitCodes.Configuration, $"{name} takes true or false, not '{text}'."));

    private static string? ReadStore(IConfiguration configuration) => configuration["store"] is { Length: > 0 } text ? text : null;

    private static TimeSpan ReadSettle(string? text) => text is null or "" ? LookTimes.Default.Settle
        : int.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw new CommandFailure(ExitCodes.Configuration, $"settle takes a number of seconds from 1 to 3600, such as 90s, not '{text}'.");

    private static int ReadPerSecond(string? text) => text is null or "" ? new WebhookOptions().PerSecond
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= WebhookOptions.Most ? number
            : throw new CommandFailure(ExitCodes.Configuration, $"webhooks: per-second takes a number from 1 to {WebhookOptions.Most}, such as 100, not '{text}'.");

    /// <exception cref="CommandFailure">It is no address.</exception>
    public static Uri? ReadPublicUrl(string? text, string setting) => text is null or "" ? null
        : PublicAddress.TryRead(text, out var url) ? url
        : throw new CommandFailure(ExitCodes.Configuration, $"{setting} takes the address at which this engine is reached from outside, such as https://your.host, not '{text}'.");

    private static string CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!IsAddress(url))
            {
                throw new CommandFailure(ExitCodes.Configuration,
                    $"'{url}' is no address to listen on. Write it like http://127.0.0.1:8080, or http://0.0.0.0:8080 for all interfaces; https belongs to the proxy in front.");
            }
        }

        return urls;
    }

    /// <summary>Whether one can listen there.</summary>
    public static bool IsAddress(string url) =>
        Uri.TryCreate(url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri.Scheme == "http" && uri.AbsolutePath == "/";

    [GeneratedRegex(@"\A\S*\s?\(?Line: (?<line>\d+), Col: (?<column>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Place { get; }
}
