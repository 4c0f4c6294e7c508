using System.Buffers;
using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Telemetry.Logs;

/// <summary>
/// Text for a log line. Whoever writes a name or a note may write line ends, colours of terminals and signs that turn the direction of writing;
/// in a log they stand escaped (<c>\u001b</c>), so that one event is one line and shows what it is.
/// </summary>
internal static class LogText
{
    /// <summary>No value is longer than this many bytes in UTF-8.</summary>
    public const int MostBytes = 2_048;

    // A stack is ours, and of no use in part.
    public const int MostBytesOfStack = 8_192;

    private const char Cut = '…';

    /// <summary>Appends the text, escaped and cut.</summary>
    /// <param name="line">What is written.</param>
    /// <param name="text">What is appended.</param>
    /// <param name="isJson">Whether it stands inside a JSON string, where quotes and backslashes are escaped, too.</param>
    /// <param name="most">How many bytes it may take, as it is written.</param>
    public static void Append(StringBuilder line, ReadOnlySpan<char> text, bool isJson, int most = MostBytes)
    {
        var left = most - Encoding.UTF8.GetByteCount([Cut]);
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(text, out var rune, out var length);
            var written = status == OperationStatus.Done ? Written(rune, isJson) : @"\ufffd";
            left -= written is null ? rune.Utf8SequenceLength : written.Length;
            if (left < 0)
            {
                line.Append(Cut);
                return;
            }

            if (written is null)
            {
                line.Append(text[..length]);
            }
            else
            {
                line.Append(written);
            }

            text = text[length..];
        }
    }

    // Null for what stands as it is.
    private static string? Written(Rune rune, bool isJson)
    {
        switch (rune.Value)
        {
            case '"' when isJson:
                return "\\\"";
            case '\\' when isJson:
                return @"\\";
            case >= ' ' and < 0x7f:
                return null;
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            ? Escape(rune) : null;
    }

    private static string Escape(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        var count = rune.EncodeToUtf16(units);
        return string.Concat(units[..count].ToArray().Select(unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));
    }
}
