using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Long texts of others, cut so that a page stays small, however they are encoded on it.</summary>
internal static partial class Excerpt
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
    public static string Indent(JsonElement json) => Escaped.Replace(JsonSerializer.Serialize(json, Readable), static match =>
        match.Groups["before"].Value + string.Concat(match.Groups["unit"].Captures.Select(unit => (char)Convert.ToInt32(unit.Value, 16))));

    // The serializer writes emoji and the wide blank of Japanese as escapes, which nobody can read. A backslash that is text is two there.
    [GeneratedRegex(@"(?<before>(?<!\\)(\\\\)*)(\\u(?<unit>D[89AB][0-9A-F]{2})\\u(?<unit>D[C-F][0-9A-F]{2})|\\u(?<unit>3000))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escaped { get; }
}
