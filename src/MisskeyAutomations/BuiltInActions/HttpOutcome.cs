using System.Text;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>What became of a call of another server. Its answer is made fit to be kept: no secret in it, no text that is none.</summary>
internal static class HttpOutcome
{
    private const int DeepestJson = 32;
    private const int LongestHeader = 2_000;
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);

    /// <summary>What an answer means.</summary>
    public static ActionOutcome Of(OutsideAnswer answer, HttpMethod method, RuleSecrets secrets, DateTimeOffset now) => answer.Status switch
    {
        429 => new ActionOutcome.RateLimited(PatienceOf(answer, now)),
        503 when answer.RetryAfter is not null => new ActionOutcome.RateLimited(PatienceOf(answer, now)),
        >= 200 and < 300 when answer.Body is null && !answer.IsTooLong && method.Method == "GET" => new ActionOutcome.Uncertain($"The answer (HTTP {answer.Status}) broke off."),
        >= 200 and < 300 => new ActionOutcome.Done(Keep(answer, secrets)),
        >= 300 and < 400 => new ActionOutcome.Rejected($"HTTP_{answer.Status}",
            $"The server redirects{(answer.RedirectHost is { } host ? $" to {Words.OneLine(secrets.Hide(host), 100)}" : "")} (HTTP {answer.Status}), and redirects are not followed: write the address that it has now."),
        >= 400 and < 500 => new ActionOutcome.Rejected($"HTTP_{answer.Status}", $"The server refused (HTTP {answer.Status}){Said(answer, secrets)}"),
        _ => new ActionOutcome.Uncertain($"The server failed (HTTP {answer.Status}); whether it did its work is unknown."),
    };

    /// <summary>What the lack of an answer means.</summary>
    public static ActionOutcome Of(OutsideFaultException fault, bool isStopping)
    {
        var reason = isStopping ? "The program was stopped."
            : fault.InnerException is HostLeftAloneException ? "The server failed several times in a row; it is left alone for a while."
            : FaultSentence.Of(fault.InnerException!, fault.MayHaveArrived).ToString();
        return fault.MayHaveArrived ? new ActionOutcome.Uncertain(reason) : new ActionOutcome.NotSent(reason);
    }

    private static TimeSpan PatienceOf(OutsideAnswer answer, DateTimeOffset now)
    {
        var wait = answer.RetryAfter?.Delta ?? (answer.RetryAfter?.Date is { } date ? date - now : UsualPatience);
        return wait < ShortestPatience ? ShortestPatience : wait > LongestPatience ? LongestPatience : wait;
    }

    private static string Said(OutsideAnswer answer, RuleSecrets secrets) =>
        answer.Body is { Length: > 0 } body && answer.MediaType is not "text/html" && Words.OneLine(secrets.Hide(TextOf(body)), 200) is { Length: > 0 } text ? $": {text}" : ".";

    private static JsonElement Keep(OutsideAnswer answer, RuleSecrets secrets) => JsonElement.Parse(RequestBody.Write(json =>
    {
        json.WriteNumber("status", answer.Status);
        json.WriteStartObject("headers");
        foreach (var (name, value) in answer.Headers)
        {
            var text = secrets.Hide(value);
            json.WriteString(secrets.Hide(name), text.Length > LongestHeader ? text[..LongestHeader] : text);
        }

        json.WriteEndObject();
        json.WritePropertyName("body");
        WriteBody(json, answer, secrets);
    }));

    private static void WriteBody(Utf8JsonWriter json, OutsideAnswer answer, RuleSecrets secrets)
    {
        if (answer.Body is not { Length: > 0 } body)
        {
            json.WriteNullValue();
        }
        else if (IsJson(answer.MediaType) && Parse(body) is { } parsed)
        {
            WriteHidden(json, parsed, secrets);
        }
        else
        {
            json.WriteStringValue(secrets.Hide(TextOf(body)));
        }
    }

    // Texts are looked at as they read, not as they are escaped.
    private static void WriteHidden(Utf8JsonWriter json, JsonElement element, RuleSecrets secrets)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    json.WritePropertyName(secrets.Hide(property.Name));
                    WriteHidden(json, property.Value, secrets);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var entry in element.EnumerateArray())
                {
                    WriteHidden(json, entry, secrets);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(secrets.Hide(element.GetString()!));
                break;
            case JsonValueKind.Number when secrets.Hide(element.GetRawText()) != element.GetRawText():
                json.WriteStringValue(RuleSecrets.Mask);
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private static bool IsJson(string? mediaType) => mediaType is null or "application/json" or "text/json" || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            var scrubbed = ScrubbedJson.Scrub(body.AsSpan().TrimStart(Encoding.UTF8.Preamble)).ToArray();
            return JsonElement.Parse(scrubbed, new JsonDocumentOptions { MaxDepth = DeepestJson });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextOf(byte[] body) => Encoding.UTF8.GetString(body).Replace('\0', '\uFFFD');
}
