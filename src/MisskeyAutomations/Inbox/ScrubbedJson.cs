using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MisskeyAutomations.Inbox;

/// <summary>Reads stored bodies, so that every text in them can be read without a further thought.</summary>
internal static class ScrubbedJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };
    private static readonly byte[] EscapedReplacement = [.. "\\uFFFD"u8];
    private static readonly byte[] Replacement = [.. "\uFFFD"u8];

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// The JSON of a body that the door accepted. When it was flagged, lone surrogates, NUL and bytes that are no UTF-8 read as U+FFFD.
    /// A byte order mark is passed over.
    /// </summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> body, bool scrubbed)
    {
        var json = body.Span.StartsWith(Bom) ? body[Bom.Length..] : body;
        return JsonElement.Parse(scrubbed ? Scrub(json.Span) : json.Span, Options);
    }

    /// <summary>The body with U+FFFD in place of everything that is no text.</summary>
    public static ReadOnlySpan<byte> Scrub(ReadOnlySpan<byte> json)
    {
        var clean = new ArrayBufferWriter<byte>(json.Length + Replacement.Length);
        while (!json.IsEmpty)
        {
            json = json[Copy(json, clean)..];
        }

        return clean.WrittenSpan;
    }

    /// <summary>The length of the escape at the start, and whether it means a text: not NUL, no half of a pair.</summary>
    public static (int Length, bool IsText) ReadEscape(ReadOnlySpan<byte> escape)
    {
        const int Short = 2;
        const int Long = 6;
        if (escape[1] != 'u')
        {
            return (Short, true);
        }

        var unit = Unit(escape);
        if (char.IsHighSurrogate(unit) && escape[Long..].StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(escape[Long..])))
        {
            return (2 * Long, true);
        }

        return (Long, unit != '\0' && !char.IsSurrogate(unit));
    }

    // Copies what stands at the start, clean or replaced, and gives the number of bytes read.
    private static int Copy(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> clean)
    {
        var plain = json.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is var odd and >= 0 ? odd : json.Length;
        if (json[..plain].IndexOf((byte)'\\') is var escape and >= 0)
        {
            plain = escape;
        }

        if (plain > 0)
        {
            clean.Write(json[..plain]);
            return plain;
        }

        if (json[0] == '\\')
        {
            var (length, isText) = ReadEscape(json);
            clean.Write(isText ? json[..length] : EscapedReplacement);
            return length;
        }

        var isUtf8 = Rune.DecodeFromUtf8(json, out _, out var read) == OperationStatus.Done;
        clean.Write(isUtf8 ? json[..read] : Replacement);
        return read;
    }

    private static char Unit(ReadOnlySpan<byte> escape)
    {
        _ = ushort.TryParse(escape[2..6], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var unit);
        return (char)unit;
    }
}
