using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Accounts;

/// <summary>Reads accounts from <c>automations.yaml</c> and the environment.</summary>
internal static partial class AccountReader
{
    private const int ShortestSecret = 16;

    /// <summary>
    /// The accounts under <c>accounts:</c>, and the one named <c>main</c> that <c>MISSKEY_SERVER</c>, <c>MISSKEY_TOKEN</c> and
    /// <c>MISSKEY_HOOK_SECRET</c> make (each also as <c>…_FILE</c>, a file that holds the value).
    /// </summary>
    /// <exception cref="AccountException">Something is missing or wrong; the message says what to do.</exception>
    public static IReadOnlyList<Account> Read(IConfiguration configuration)
    {
        var accounts = configuration.GetSection("accounts").GetChildren().Select(ReadOne).ToList();
        if (Value(configuration, "MISSKEY_SERVER") is { } server)
        {
            accounts.RemoveAll(account => account.Name == "main");
            accounts.Add(Make("main", server, Value(configuration, "MISSKEY_TOKEN"), Value(configuration, "MISSKEY_HOOK_SECRET"),
                Value(configuration, "MISSKEY_PREVIOUS_HOOK_SECRET"), name => $"MISSKEY_{name.ToUpperInvariant().Replace('-', '_')}"));
        }

        return accounts;
    }

    private static Account ReadOne(IConfigurationSection section) => Make(
        section.Key, Value(section, "server"), Value(section, "token"), Value(section, "hook-secret"), Value(section, "previous-hook-secret"),
        name => $"accounts.{section.Key}.{name}");

    private static Account Make(string name, string? server, string? token, string? secret, string? previous, Func<string, string> setting)
    {
        if (!AccountName.IsMatch(name))
        {
            throw new AccountException($"The account name '{name}' must have 1 to 64 letters, digits or hyphens: it is part of the webhook's address.");
        }

        var secrets = new List<Secret> { CheckSecret(secret, setting("hook-secret")) };
        if (previous is not null)
        {
            secrets.Add(CheckSecret(previous, setting("previous-hook-secret")));
        }

        return new Account
        {
            Name = name,
            Server = CheckServer(server, setting("server")),
            Token = CheckToken(token, setting("token")),
            HookSecrets = secrets,
        };
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

        return Encoding.UTF8.GetByteCount(secret) >= ShortestSecret ? new Secret(secret)
            : throw new AccountException($"{setting} is too short: it must have at least {ShortestSecret} characters. {How}");
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

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex AccountName { get; }
}

/// <summary>An account is set up wrongly; the message is one sentence that says what to do.</summary>
internal sealed class AccountException(string message, Exception? inner = null) : Exception(message, inner);
