using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Texts in which every character can be seen: <c>\u{202E}</c> stands for what an editor would hide, turn around or join.</summary>
internal static partial class Visible
{
    /// <summary>The text that was meant.</summary>
    public static string Read(string written) => Escape().Replace(written, found =>
    {
        var number = int.Parse(found.Groups["number"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Rune.IsValid(number) ? new Rune(number).ToString() : ((char)number).ToString();
    });

    /// <summary>The text as it is written in a corpus.</summary>
    public static string Write(string text)
    {
        var written = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                written.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)text[i]:X}}}");
                continue;
            }

            _ = rune.Value < 0x7F || IsPlain(rune) ? written.Append(rune) : written.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            i += rune.Utf16SequenceLength - 1;
        }

        return written.Replace("\n", "␤").Replace("\t", "␉").Replace("\0", "␀").ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800) && !IsRightToLeft(rune);

    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF);

    [GeneratedRegex(@"\\u\{(?<number>[0-9A-F]{1,6})\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
