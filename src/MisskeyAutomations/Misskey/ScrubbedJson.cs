using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// JSON whose texts can all be read. <see cref="System.Text.Json.JsonElement"/> accepts escapes of half a surrogate pair, and bytes that are no
/// UTF-8, and throws only when the text is asked for, deep in a rule.
/// </summary>
internal static class ScrubbedJson
{
    /// <summary>The same JSON with U+FFFD for what cannot be a character; the very same memory when there is nothing to do.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        var bytes = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        var from = bytes.Span.IndexOf((byte)'\\');
        if (from < 0)
        {
            return bytes;
        }

        byte[]? scrubbed = null;
        for (var at = from; at < bytes.Length; at++)
        {
            if (bytes.Span[at] != '\\')
            {
                continue;
            }

            var unit = EscapedAt(bytes.Span, at);
            if (unit is null)
            {
                at++; // The escaped character, which may be a backslash.
            }
            else if (char.IsHighSurrogate(unit.Value) && EscapedAt(bytes.Span, at + 6) is { } next && char.IsLowSurrogate(next))
            {
                at += 11;
            }
            else
            {
                if (char.IsSurrogate(unit.Value))
                {
                    scrubbed ??= bytes.ToArray();
                    "\\uFFFD"u8.CopyTo(scrubbed.AsSpan(at));
                }

                at += 5;
            }
        }

        return scrubbed ?? bytes;
    }

    /// <summary>The UTF-16 unit that is escaped here as <c>\uXXXX</c>; null when none is.</summary>
    private static char? EscapedAt(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var consumed, 'x') && consumed == 4 ? (char)unit : null;
}
