using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Accounts;

/// <summary>Reads accounts from <c>automations.yaml</c> and the environment.</summary>
internal static partial class AccountReader
{
    private const int ShortestSecret = 16;

    /// <summary>How often an account catches up, unless it is told otherwise: rules that answer take what is up to an hour old.</summary>
    public static readonly TimeSpan CatchUpInterval = TimeSpan.FromMinutes(30);

    /// <summary>How often its followers are compared, unless it is told otherwise: whoever left is told of within the day, by a few calls.</summary>
    public static readonly TimeSpan FollowersInterval = TimeSpan.FromHours(6);

    /// <summary>
    /// The accounts under <c>accounts:</c>, and the one named <c>main</c> that <c>MISSKEY_SERVER</c>, <c>MISSKEY_TOKEN</c> and
    /// <c>MISSKEY_HOOK_SECRET</c> make (each also as <c>…_FILE</c>, a file that holds the value).
    /// </summary>
    /// <exception cref="AccountException">Something is missing or wrong; the message says what to do.</exception>
    public static IReadOnlyList<Account> Read(IConfiguration configuration)
    {
        var accounts = configuration.GetSection("accounts").GetChildren().Select(ReadOne).ToList();
        if (Value(configuration, "MISSKEY_SERVER") is not null)
        {
            accounts.RemoveAll(account => account.Name == "main");
            accounts.Add(Make("main", name => Value(configuration, Variable(name)), Variable));
        }

        return accounts;
    }

    /// <summary>Whether an account can be called so.</summary>
    public static bool IsName(string name) => AccountName.IsMatch(name);

    private static Account ReadOne(IConfigurationSection section) =>
        Make(section.Key, name => Value(section, name), name => $"accounts.{section.Key}.{name}");

    private static string Variable(string name) => $"MISSKEY_{name.ToUpperInvariant().Replace('-', '_')}";

    /// <param name="name">The account's name.</param>
    /// <param name="valueOf">The value of a setting of it.</param>
    /// <param name="setting">How a setting of it is called where it is written.</param>
    private static Account Make(string name, Func<string, string?> valueOf, Func<string, string> setting)
    {
        if (!IsName(name))
        {
            throw new AccountException($"The account name '{name}' must have 1 to 64 letters, digits or hyphens: it is part of the webhook's address.");
        }

        var source = ReadSource(valueOf("source"), setting("source"), valueOf("hook-secret") is not null);
        Secret[] secrets =
        [
            .. source is AccountSource.Streaming ? Optional("hook-secret") : [CheckSecret(valueOf("hook-secret"), setting("hook-secret"))],
            .. Optional("previous-hook-secret"),
        ];
        Secret[] systemSecrets = [.. Optional("system-hook-secret"), .. Optional("previous-system-hook-secret")];
        if (systemSecrets.Any(system => secrets.Any(user => user.Reveal() == system.Reveal())))
        {
            throw new AccountException($"{setting("system-hook-secret")} must not be a secret of the account's own webhook: whoever knows the one must not speak for the other.");
        }

        return new Account
        {
            Name = name,
            Server = CheckServer(valueOf("server"), setting("server")),
            Token = CheckToken(valueOf("token"), setting("token")),
            HookSecrets = secrets,
            SystemHookSecrets = systemSecrets,
            Source = source,
            CatchUp = ReadInterval(valueOf("catch-up"), setting("catch-up"), CatchUpInterval, TimeSpan.FromMinutes(1), "how often to look, from 1m to 24h, such as 30m, or off"),
            Followers = ReadInterval(
                valueOf("followers"), setting("followers"), FollowersInterval, TimeSpan.FromHours(1), "how often to compare followers, from 1h to 24h, such as 6h, or off"),
        };

        IEnumerable<Secret> Optional(string key) => valueOf(key) is { } secret ? [CheckSecret(secret, setting(key))] : [];
    }

    private static Uri CheckServer(string? server, string setting) =>
        server is null ? throw new AccountException($"{setting} is missing. Write the server's address, such as https://misskey.example.")
        : Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri is { PathAndQuery: "/", UserInfo: "" } ? uri
        : throw new AccountException($"{setting} is '{server}', which is no server address. Write it like https://misskey.example, without a path.");

    private static Secret CheckToken(string? token, string setting) =>
        string.IsNullOrWhiteSpace(token) ? throw new AccountException(
            $"{setting} is missing or empty. Make one in Misskey under Settings > API > Generate access token.")
        : token.Any(character => character is < '!' or > '~') ? throw new AccountException(
            $"{setting} has a space, a line break or another sign that no token of Misskey has. Copy it again, alone and whole.")
        : new Secret(token);

    private static Secret CheckSecret(string? secret, string setting)
    {
        const string How = "Make one with `openssl rand -hex 24`, and write the same in Misskey under Settings > Webhook.";
        if (string.IsNullOrEmpty(secret))
        {
            throw new AccountException($"{setting} is missing or empty. {How}");
        }

        if (secret.Any(character => character is < '!' or > '~'))
        {
            throw new AccountException($"{setting} may have only ASCII letters, digits and punctuation: Misskey cannot send others. {How}");
        }

        if (secret.Length > Secret.LongestOfHooks)
        {
            throw new AccountException($"{setting} is too long: Misskey keeps at most {Secret.LongestOfHooks} characters. {How}");
        }

        return Encoding.UTF8.GetByteCount(secret) >= ShortestSecret ? new Secret(secret)
            : throw new AccountException($"{setting} is too short: it must have at least {ShortestSecret} characters. {How}");
    }

    private static AccountSource ReadSource(string? text, string setting, bool hasSecret) => text switch
    {
        null or "" => hasSecret ? AccountSource.Webhook : AccountSource.Streaming,
        "webhook" => AccountSource.Webhook,
        "streaming" => AccountSource.Streaming,
        "both" => AccountSource.Both,
        _ => throw new AccountException($"{setting} is '{text}'. Write webhook, streaming or both."),
    };

    private static TimeSpan? ReadInterval(string? text, string setting, TimeSpan usual, TimeSpan shortest, string wanted)
    {
        // YAML reads a bare `off` as it is; some editors write `false`.
        if (text is null or "")
        {
            return usual;
        }

        if (text is "off" or "false")
        {
            return null;
        }

        return Interval.Match(text) is { Success: true } written
            && TimeSpan.FromMinutes(int.Parse(written.Groups["number"].Value, CultureInfo.InvariantCulture) * (written.Groups["unit"].Value == "h" ? 60 : 1)) is var interval
            && interval >= shortest && interval <= TimeSpan.FromHours(24)
            ? interval
            : throw new AccountException($"{setting} is '{text}'. Write {wanted}.");
    }

    // `hook-secret` in the file is HOOK_SECRET in the environment; `…-file` names a file that holds the value.
    private static string? Value(IConfiguration configuration, string name)
    {
        var direct = Find(configuration, name);
        if (Find(configuration, $"{name}-file") is not { } path)
        {
            return direct;
        }

        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new AccountException($"The file '{path}' of {name} cannot be read: {trouble.Message}", trouble);
        }
    }

    private static string? Find(IConfiguration configuration, string name) =>
        configuration.GetChildren().FirstOrDefault(child => Plain(child.Key) == Plain(name))?.Value;

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex(@"\A(?<number>[0-9]{1,4})(?<unit>[mh])\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Interval { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex AccountName { get; }
}

/// <summary>An account is set up wrongly; the message is one sentence that says what to do.</summary>
internal sealed class AccountException(string message, Exception? inner = null) : Exception(message, inner);
