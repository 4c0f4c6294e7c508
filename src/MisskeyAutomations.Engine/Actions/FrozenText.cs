using System.Text;
using System.Text.Json;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>
/// Texts in frozen requests that secrets belong into: a text without any is a JSON text, one with secrets an array of texts and of
/// <c>{ "secret": NAME }</c>. The values are put in when the request is sent; what is kept knows only names.
/// </summary>
public static class FrozenText
{
    /// <summary>Writes a text under a name.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<TextPiece> pieces)
    {
        json.WritePropertyName(name);
        var all = pieces.ToArray();
        if (all.All(piece => piece is TextPiece.Written))
        {
            json.WriteStringValue(string.Concat(all.Select(piece => ((TextPiece.Written)piece).Text)));
            return;
        }

        json.WriteStartArray();
        foreach (var piece in all)
        {
            switch (piece)
            {
                case TextPiece.Written written:
                    json.WriteStringValue(written.Text);
                    break;
                case TextPiece.Secret secret:
                    json.WriteStartObject();
                    json.WriteString("secret", secret.Name);
                    json.WriteEndObject();
                    break;
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Reads a text back; nothing for JSON that is none.</summary>
    public static IEnumerable<TextPiece> Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [new TextPiece.Written(json.GetString()!)],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Read),
        JsonValueKind.Object when json.TryGetProperty("secret", out var name) => [new TextPiece.Secret(name.GetString()!)],
        _ => [],
    };

    /// <summary>The text for people: each secret as <c>${secret.NAME}</c>.</summary>
    public static string Show(IEnumerable<TextPiece> pieces) => Fill(pieces, name => $"${{secret.{name}}}");

    /// <summary>The text for people, of a frozen one.</summary>
    public static string Show(JsonElement json) => Show(Read(json));

    /// <summary>The text with every secret replaced.</summary>
    public static string Fill(IEnumerable<TextPiece> pieces, Func<string, string> valueOf)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(piece is TextPiece.Secret secret ? valueOf(secret.Name) : ((TextPiece.Written)piece).Text);
        }

        return text.ToString();
    }
}
