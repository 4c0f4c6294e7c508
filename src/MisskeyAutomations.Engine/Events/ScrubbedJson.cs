using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// JSON whose texts can all be read. The parser accepts escapes of half a surrogate pair and bytes that are no UTF-8, and throws only
/// when such a text is asked for, deep in a rule.
/// </summary>
public static class ScrubbedJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };
    private static readonly byte[] EscapedReplacement = [.. "\\uFFFD"u8];
    private static readonly byte[] Replacement = [.. "\uFFFD"u8];

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses JSON; a byte order mark is passed over.</summary>
    /// <param name="json">The text as bytes.</param>
    /// <param name="scrubbed">Whether lone surrogates, NUL and bytes that are no UTF-8 are to be read as U+FFFD.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, bool scrubbed)
    {
        var text = json.Span.StartsWith(Bom) ? json[Bom.Length..] : json;
        return JsonElement.Parse(scrubbed ? Scrub(text.Span) : text.Span, Options);
    }

    /// <summary>The same with U+FFFD in place of everything that is no text. Takes any bytes.</summary>
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
        if (escape.Length < Long || escape[1] != 'u')
        {
            return (Math.Min(Short, escape.Length), true);
        }

        var unit = Unit(escape);
        if (char.IsHighSurrogate(unit) && escape.Length >= 2 * Long && escape[Long..].StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(escape[Long..])))
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

    // Digits that are none leave NUL, which is no text either.
    private static char Unit(ReadOnlySpan<byte> escape)
    {
        _ = ushort.TryParse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit);
        return (char)unit;
    }
}
