using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>
/// Makes of any bytes what Node and PostgreSQL make of them: invalid UTF-8 and lone surrogates become U+FFFD. Without it
/// reading such a text would fail only when an endpoint asks for it.
/// </summary>
internal static class WireText
{
    private const int EscapeLength = 6;

    public static ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }
        if (json.Span.IndexOf(@"\ud"u8) < 0 && json.Span.IndexOf(@"\uD"u8) < 0)
        {
            return json;
        }
        var bytes = json.ToArray();
        ScrubEscapes(bytes);
        return bytes;
    }

    private static void ScrubEscapes(Span<byte> json)
    {
        var i = 0;
        while (json[i..].IndexOf((byte)'\\') is var next and >= 0)
        {
            i += next;
            if (!TryReadEscape(json[i..], out var unit))
            {
                i = Math.Min(i + 2, json.Length); // \n, \" and the like
            }
            else if (char.IsHighSurrogate(unit) && TryReadEscape(json[(i + EscapeLength)..], out var low) && char.IsLowSurrogate(low))
            {
                i += 2 * EscapeLength;
            }
            else
            {
                if (char.IsSurrogate(unit))
                {
                    "fffd"u8.CopyTo(json[(i + 2)..]);
                }
                i += EscapeLength;
            }
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> json, out char unit)
    {
        unit = '\0';
        if (json.Length < EscapeLength || json[0] != '\\' || json[1] != 'u'
            || !ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }
        unit = (char)value;
        return true;
    }
}
