using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Accounts;

/// <summary>The secrets that rules name as <c>secret.NAME</c>. Their values go out where the rules say so, and are masked wherever they come back.</summary>
internal sealed partial class RuleSecrets
{
    /// <summary>What stands where a secret was.</summary>
    public const string Mask = "***";

    // A shorter one is guessed, and masking it would tear ordinary words.
    private const int Shortest = 8;

    // Of an address that is a secret, the parts that make it one.
    private const int ShortestPart = 16;

    private readonly FrozenDictionary<string, Secret> _secrets;
    private readonly string[] _traces;

    public RuleSecrets(IReadOnlyDictionary<string, Secret> secrets)
    {
        _secrets = secrets.ToFrozenDictionary(pair => Plain(pair.Key), pair => pair.Value, StringComparer.Ordinal);
        _traces = [.. _secrets.Values.SelectMany(secret => TracesOf(secret.Reveal())).Distinct(StringComparer.Ordinal).OrderByDescending(trace => trace.Length)];
    }

    /// <summary>No secrets.</summary>
    public static readonly RuleSecrets None = new(new Dictionary<string, Secret>(StringComparer.Ordinal));

    /// <summary>The secret of this name, in whatever case and with <c>-</c> or <c>_</c>; null when there is none.</summary>
    public Secret? Find(string name) => _secrets.GetValueOrDefault(Plain(name));

    /// <summary>The text without any secret, in whatever way it was written: as it is, percent-encoded, escaped, in Base64.</summary>
    public string Hide(string text)
    {
        foreach (var trace in _traces)
        {
            text = text.Replace(trace, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Reads <c>secrets:</c> of the configuration: <c>NAME: value</c>, or <c>NAME-file: PATH</c>.</summary>
    /// <exception cref="AccountException">A value is wrong; the message says what to do, and never the value.</exception>
    public static RuleSecrets Read(IConfiguration configuration)
    {
        var secrets = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var setting in configuration.GetSection("secrets").GetChildren())
        {
            var isFile = FileName().Match(setting.Key);
            var name = isFile.Success ? isFile.Groups["name"].Value : setting.Key;
            if (!Name().IsMatch(name))
            {
                throw new AccountException($"'{name}' under secrets cannot be the name of a secret: letters A to Z, digits, '-' and '_'.");
            }

            if (secrets.ContainsKey(Plain(name)))
            {
                throw new AccountException($"The secret {name} is given twice.");
            }

            secrets[Plain(name)] = Check(name, isFile.Success ? ReadFile(name, setting.Value) : setting.Value);
        }

        return new RuleSecrets(secrets);
    }

    private static Secret Check(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw new AccountException($"The secret {name} is empty.")
        : value.Length < Shortest ? throw new AccountException($"The secret {name} is too short: it must have at least {Shortest} characters.")
        : new Secret(value);

    private static string ReadFile(string name, string? path)
    {
        try
        {
            return File.ReadAllText(path ?? "").TrimEnd('\r', '\n');
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AccountException($"The file '{path}' of the secret {name} cannot be read: {trouble.Message}", trouble);
        }
    }

    private static IEnumerable<string> TracesOf(string secret)
    {
        IEnumerable<string> bare = Uri.TryCreate(secret, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? [secret, address.AbsoluteUri, .. address.PathAndQuery.Split('/', '?', '&', '=').Where(part => part.Length >= ShortestPart),
                .. address.PathAndQuery.Length >= ShortestPart ? [address.PathAndQuery] : Array.Empty<string>()]
            : [secret];
        return bare.SelectMany(text => (string[])
        [
            text, Uri.EscapeDataString(text), WebUtility.UrlEncode(text), WebUtility.HtmlEncode(text), JsonEncodedText.Encode(text).ToString(),
            text.Replace("/", "\\/", StringComparison.Ordinal), Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='),
        ]).Where(text => text.Length >= Shortest);
    }

    private static string Plain(string name) => name.Replace('-', '_').ToUpperInvariant();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("^(?<name>.+)[-_]file$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex FileName();
}
