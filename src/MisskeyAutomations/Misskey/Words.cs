using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Misskey;

/// <summary>Foreign texts made fit for a line that people read.</summary>
internal static class Words
{
    /// <summary>
    /// The text on one line and at most so many graphemes long: white space becomes single spaces, what cannot be seen (control
    /// and format characters, which could turn the line around) is left out.
    /// </summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength * 2));
        var elements = StringInfo.GetTextElementEnumerator(text);
        var length = 0;
        var gap = false;
        while (elements.MoveNext())
        {
            var element = Visible(elements.GetTextElement());
            if (string.IsNullOrWhiteSpace(element))
            {
                gap |= line.Length > 0 && element.Length > 0;
                continue;
            }

            if (length >= maxLength)
            {
                return line.Append('…').ToString();
            }

            line.Append(gap ? " " : "").Append(element);
            length += gap ? 2 : 1;
            gap = false;
        }

        return line.ToString();
    }

    /// <summary>
    /// The text with everything that cannot be seen written as <c>\uXXXX</c>, at most so many UTF-16 units long: one line of a log
    /// stays one line, and no terminal obeys it.
    /// </summary>
    public static string Escape(string text, int maxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= maxLength)
            {
                return line.Append('…').ToString();
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    break;
                default:
                    line.Append(rune);
                    break;
            }
        }

        return line.ToString();
    }

    /// <summary>A grapheme without what cannot be seen; joiners inside an emoji stay.</summary>
    private static string Visible(string element)
    {
        var first = Rune.GetUnicodeCategory(Rune.TryGetRuneAt(element, 0, out var rune) ? rune : Rune.ReplacementChar);
        return first switch
        {
            UnicodeCategory.Control => element[0] is '\t' or '\n' or '\r' or '\v' or '\f' ? " " : "",
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
            UnicodeCategory.Format or UnicodeCategory.Surrogate => "",
            _ => element,
        };
    }
}
