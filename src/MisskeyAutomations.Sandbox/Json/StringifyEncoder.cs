using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MisskeyAutomations.Sandbox.Json;

/// <summary>
/// Escapes as JavaScript's <c>JSON.stringify</c>: only quotes, backslashes and control characters. .NET's own relaxed
/// encoder would also escape emoji and U+2028, which Misskey sends raw.
/// </summary>
internal sealed class StringifyEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private StringifyEncoder()
    {
    }

    public static JsonWriterOptions Options { get; } = new() { Encoder = new StringifyEncoder(), SkipValidation = true };

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\' or (>= 0xD800 and <= 0xDFFF);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        var start = 0;
        while (true)
        {
            var next = span[start..].IndexOfAny(Escaped);
            if (next < 0)
            {
                return -1;
            }
            start += next;
            if (Rune.DecodeFromUtf16(span[start..], out var rune, out var width) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return start;
            }
            start += width; // a well-formed pair: an emoji, sent raw
        }
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(EscapedBytes);

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        var shorthand = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };
        if (shorthand is not '\0')
        {
            numberOfCharactersWritten = 2;
            return target.TryWrite(CultureInfo.InvariantCulture, $"\\{shorthand}", out _);
        }
        return target.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:x4}", out numberOfCharactersWritten);
    }
}
