using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Texts of rules and people on one line that no terminal obeys.</summary>
internal static class ShownText
{
    private const char LineEnd = '⏎';

    /// <summary>The whole text: a line end is a sign, what cannot be seen is written as <c>\uXXXX</c>.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        var elements = StringInfo.GetTextElementEnumerator(text.ReplaceLineEndings("\n"));
        while (elements.MoveNext())
        {
            Append(line, elements.GetTextElement());
        }

        return line.ToString();
    }

    /// <summary>The text on one line of at most so many columns; what is left out is a <c>…</c>.</summary>
    public static string Fit(string text, int columns)
    {
        var line = OneLine(text);
        return DisplayWidth.Of(line) <= columns ? line : DisplayWidth.Cut(line, columns);
    }

    // Joiners stay inside an emoji that they hold together.
    private static void Append(StringBuilder line, string element)
    {
        var isFirst = true;
        foreach (var rune in element.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                line.Append(LineEnd);
            }
            else if (IsUnseen(rune) && (isFirst || rune.Value != 0x200D))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                line.Append(rune);
            }

            isFirst = false;
        }
    }

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
