using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Makes a frozen call the request that goes out: the only place where the values of secrets are put in.</summary>
internal static class HttpFrozen
{
    /// <summary>No more of an answer than this is kept.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Fills it in; false when a secret is not there, or the whole makes no request.</summary>
    public static bool TryFill(
        JsonElement frozen, RuleSecrets secrets, [NotNullWhen(true)] out OutsideRequest? request, [NotNullWhen(false)] out ActionOutcome? refusal)
    {
        (request, refusal) = (null, null);
        var missing = Names(frozen).FirstOrDefault(name => secrets.Find(name) is null);
        if (missing is not null)
        {
            refusal = new ActionOutcome.Rejected("UNKNOWN_SECRET", $"The configuration has no secret {missing}. Write it under secrets:, and start again.");
            return false;
        }

        string Fill(JsonElement text, Func<string, string> escape) => FrozenText.Fill(FrozenText.Read(text), name => escape(secrets.Find(name)!.Reveal()));
        if (!TryReadAddress(Fill(frozen.GetProperty("url"), Same), out var address))
        {
            refusal = new ActionOutcome.Rejected("INVALID_ADDRESS", $"{FrozenText.Show(frozen.GetProperty("url"))} is no address that can be called.");
            return false;
        }

        var isJson = frozen.IsTrue("json");
        var body = frozen.Find("body") is { } written ? Encoding.UTF8.GetBytes(Fill(written, isJson ? JsonPieces.Escape : Same)) : null;
        var headers = frozen.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => Fill(header.Value, Same), StringComparer.OrdinalIgnoreCase);
        if (headers.FirstOrDefault(header => header.Value.Any(char.IsControl)) is { Key: { } broken })
        {
            refusal = new ActionOutcome.Rejected("INVALID_HEADER", $"The secret in the header {broken} has a line break, which no header can have.");
            return false;
        }

        headers.Remove("Content-Type", out var contentType);
        headers["Idempotency-Key"] = frozen.GetText("key") ?? "";
        var method = HttpMethod.Parse(frozen.GetText("method")!);
        request = new OutsideRequest
        {
            Method = method,
            Address = address,
            Headers = [.. headers],
            Body = body ?? (method.Method is "GET" or "HEAD" ? null : []),
            ContentType = body is null ? null : contentType ?? (isJson ? "application/json" : "text/plain; charset=utf-8"),
            MaxBytes = MaxAnswerBytes,
            Patience = Patience,
        };
        return true;
    }

    /// <summary>An address that says who is called and nothing else: absolute, http or https, without a name or password.</summary>
    public static bool TryReadAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        WebAddress.TryRead(text, out address) && address is { UserInfo: "", Port: > 0 }
        && !text.Any(character => character is <= ' ' or '\\' or '\u007f' || char.IsWhiteSpace(character))
        && !text.AsSpan(0, text.AsSpan("https://".Length).IndexOfAny("/?#") is >= 0 and var end ? end + "https://".Length : text.Length).Contains('@');

    private static IEnumerable<string> Names(JsonElement frozen) =>
        frozen.GetProperty("headers").EnumerateObject().Select(header => header.Value)
            .Append(frozen.GetProperty("url")).Append(frozen.Find("body") ?? default)
            .SelectMany(FrozenText.Read).OfType<TextPiece.Secret>().Select(secret => secret.Name);

    private static string Same(string text) => text;
}
