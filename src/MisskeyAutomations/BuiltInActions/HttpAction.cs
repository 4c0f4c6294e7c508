using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>http: URL</c>.</summary>
internal sealed class HttpAction(OutsideClient outside, RuleSecrets secrets, TimeProvider time) : IAction
{
    private const int MaxBodyLength = 1024 * 1024;

    public static ActionDescriptor Row { get; } = new()
    {
        Name = "http",
        Doc = "Calls a web service, never with an account's token. Public addresses only, unless the configuration opens others.",
        Main = ParameterType.Address,
        Options =
        [
            new("method", ParameterType.Word, "POST with a body, else GET.") { Words = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] },
            new("headers", ParameterType.Headers, "Headers of the request."),
            new("body", ParameterType.Json, "What is sent: a mapping or list as JSON, a text as it is."),
        ],
        TakesSecrets = true,
        Repeat = Repeat.Natural,
        Gives = "response",
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        if (PrivateText.IsHeldBack(input, "", "headers", "body"))
        {
            return PrivateText.Refusal;
        }

        var body = input["body"];
        var method = input["method"].IsNull ? body.IsNull ? "GET" : "POST" : input["method"].Text;
        var address = Texts.PiecesOf(input.Main);
        var written = body.IsNull ? null : body.Kind == ValueKind.Text ? Texts.PiecesOf(body) : JsonPieces.Of(body);
        if (written?.Sum(piece => (piece as TextPiece.Written)?.Text.Length ?? 0) > MaxBodyLength)
        {
            return new Preparation.Invalid("The body is longer than 1 MiB.");
        }

        var shown = FrozenText.Show(address);
        var isSecret = address is [TextPiece.Secret];
        Uri? target = null;
        if (!isSecret && !HttpFrozen.TryReadAddress(shown, out target))
        {
            return new Preparation.Invalid($"{Words.OneLine(shown, 80)} is no address that can be called.");
        }

        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = target?.GetLeftPart(UriPartial.Authority) ?? shown,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("method", method);
                FrozenText.Write(json, "url", address);
                WriteHeaders(json, input["headers"].Map);
                if (written is not null)
                {
                    json.WriteBoolean("json", body.Kind != ValueKind.Text);
                    FrozenText.Write(json, "body", written);
                }

                json.WriteString("key", input.RepeatKey);
            }),
            Repeat = Row.Repeat,
            Summary = Summary.Of($"http {method} {shown}", text: null),
        });
    }

    public async Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
    {
        using var frozen = JsonDocument.Parse(intent.Body);
        if (!HttpFrozen.TryFill(frozen.RootElement, secrets, out var request, out var refusal))
        {
            return refusal;
        }

        try
        {
            var answer = await outside.SendAsync(request, cancellationToken);
            return HttpOutcome.Of(answer, request.Method, secrets, time.GetUtcNow());
        }
        catch (RefusedAddressException refused)
        {
            return new ActionOutcome.Rejected("REFUSED_ADDRESS", secrets.Hide(refused.Message));
        }
        catch (OutsideFaultException fault)
        {
            return HttpOutcome.Of(fault, isStopping: cancellationToken.IsCancellationRequested);
        }
    }

    // A line break in a header would begin another one.
    private static void WriteHeaders(Utf8JsonWriter json, ValueMap? headers)
    {
        json.WriteStartObject("headers");
        foreach (var (name, value) in (headers?.Entries ?? new Dictionary<string, Value>(StringComparer.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            FrozenText.Write(json, name, Texts.PiecesOf(value).Select(piece => piece is TextPiece.Written text ? new TextPiece.Written(OneLine(text.Text)) : piece));
        }

        json.WriteEndObject();
    }

    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));

    private static class Texts
    {
        public static List<TextPiece> PiecesOf(Value value) =>
            value.Kind == ValueKind.Text ? [.. value.MarkedText.Pieces] : [new TextPiece.Written(value.ToText())];
    }
}
