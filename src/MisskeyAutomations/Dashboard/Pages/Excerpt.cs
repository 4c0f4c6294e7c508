using System.Text.Encodings.Web;
using System.Text.Json;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Long texts of others, cut so that a page stays small, however they are encoded on it.</summary>
internal static class Excerpt
{
    // Such as &#x1F600; – the longest that one character becomes.
    private const int LargestEncoded = 10;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text, or its beginning that takes at most so many bytes on the page, with an ellipsis.</summary>
    public static string Of(string text, int bytes, HtmlEncoder encoder)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= encoder.WillEncode(rune.Value) ? LargestEncoded : rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                return text[..length] + "…";
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>JSON as people read it; what is none as it stands.</summary>
    public static string Indent(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return Indent(parsed.RootElement);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    /// <summary>The same.</summary>
    public static string Indent(JsonElement json) => JsonSerializer.Serialize(json, Readable);
}
