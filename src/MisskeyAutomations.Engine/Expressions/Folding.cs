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
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\u0008'))
        {
            return text.ToLowerInvariant();
        }

        // Upper case first: it brings together what lower case leaves apart, such as σ and ς.
        var folded = Repair(text).Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();
        var builder = new StringBuilder(folded.Length);
        var isInWord = false;
        foreach (var rune in folded.EnumerateRunes())
        {
            if (Characters.IsInvisible(rune) || (isInWord && Characters.IsJoiner(rune)))
            {
                continue;
            }

            isInWord = Rune.IsLetterOrDigit(rune);
            _ = rune.Value switch
            {
                'ß' => builder.Append("ss"),
                'İ' or 'ı' => builder.Append('i'),
                _ when rune.IsBmp => builder.Append(ToHiragana((char)rune.Value)),
                _ => builder.Append(rune),
            };
        }

        return builder.ToString().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>The text with U+FFFD for halves of surrogate pairs and U+FFFE, on which normalisation throws.</summary>
    public static string Repair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] == '\uFFFE')
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
            builder.Append(rune.Value == 0xFFFE ? Rune.ReplacementChar : rune);
        }

        return builder.ToString();
    }

    private static char ToHiragana(char c) => c is (>= 'ァ' and <= 'ヶ') or 'ヽ' or 'ヾ' ? (char)(c - 0x60) : c;
}
