using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Characters that people do not see, or that spoil the texts around them.</summary>
internal static class Characters
{
    private const int Joiner = 0x200D;
    private const int BlackFlag = 0x1F3F4;
    private const int MaximumMarks = 4;

    /// <summary>
    /// A text of others fit to stand beside text of ours: without control characters (but line ends and tabs), those that turn the
    /// direction of what follows, those that are none by definition, and tags that follow no flag; with at most four combining marks
    /// on one character, which is more than any language stacks; with U+FFFD for halves of surrogate pairs.
    /// </summary>
    public static string Clean(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\u0008') && !text.AsSpan().ContainsAnyInRange('\u000B', '\u001F') && !text.Contains('\u007F', StringComparison.Ordinal))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        var (marks, isFlag) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isTag = rune.Value is >= 0xE0020 and <= 0xE007F;
            isFlag = rune.Value == BlackFlag || (isFlag && isTag);
            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks <= MaximumMarks && (!isTag || isFlag) && !IsRemoved(rune))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    /// <summary>Whether a character shows nothing, so that it can be put into a word to get past a filter. Joiners are asked for apart.</summary>
    public static bool IsInvisible(Rune rune) =>
        rune.Value is 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180D) or 0x180F
        || IsVariationSelector(rune)
        || (rune.Value != Joiner && Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
        || (Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune));

    /// <summary>Whether it is the joiner of which emoji are made; between letters it is invisible.</summary>
    public static bool IsJoiner(Rune rune) => rune.Value == Joiner;

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark && !IsVariationSelector(rune);

    private static bool IsVariationSelector(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsRemoved(Rune rune) =>
        (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or (>= 0xFDD0 and <= 0xFDEF) or (>= 0xFFF9 and <= 0xFFFB)
        || (rune.Value & 0xFFFE) == 0xFFFE;
}
