using System.Text;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Texts as <c>contains startsWith endsWith</c> see them: without case, width (NFKC), the difference of katakana and hiragana, and
/// the invisible characters that are put into words to get past filters.
/// </summary>
public static class Folding
{
    /// <summary>The folded text; folding it again changes nothing.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        // Upper case first: it brings together what lower case leaves apart, such as σ and ς.
        var folded = Repair(text).Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();
        var builder = new StringBuilder(folded.Length);
        foreach (var c in folded)
        {
            if (c == 'ß')
            {
                builder.Append("ss");
            }
            else if (!IsInvisible(c))
            {
                builder.Append(c is 'İ' or 'ı' ? 'i' : ToHiragana(c));
            }
        }

        return builder.ToString().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>The text with U+FFFD for halves of surrogate pairs, on which normalisation throws.</summary>
    internal static string Repair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return RepairFrom(text, i);
            }
        }

        return text;
    }

    private static string RepairFrom(string text, int start)
    {
        var builder = new StringBuilder(text, 0, start, text.Length);
        foreach (var rune in text.AsSpan(start).EnumerateRunes())
        {
            builder.Append(rune);
        }

        return builder.ToString();
    }

    private static char ToHiragana(char c) => c is (>= 'ァ' and <= 'ヶ') or 'ヽ' or 'ヾ' ? (char)(c - 0x60) : c;

    // Soft hyphen, zero-width space and non-joiner, word joiner, byte-order mark. The joiner stays: emoji are made with it.
    private static bool IsInvisible(char c) => c is '\u00AD' or '\u200B' or '\u200C' or '\u2060' or '\uFEFF';
}
