using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// Fills the holes of a Japanese format. Latin letters, digits and quotes that come to stand beside kana or kanji are set off by a
/// space, as in the text around the holes: what fills a hole is Japanese in one finding and a name in the next.
/// </summary>
internal static class JapaneseSpacing
{
    /// <summary>The format with its holes filled.</summary>
    public static string Fill(string format, object[] arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is not ('{' or '}'))
            {
                text.Append(format[i]);
            }
            else if (i + 1 < format.Length && format[i + 1] == format[i])
            {
                text.Append(format[i++]);
            }
            else
            {
                var end = format.IndexOf('}', i);
                var filled = string.Format(CultureInfo.InvariantCulture, format[i..(end + 1)], arguments);
                if (filled.Length > 0)
                {
                    AppendGap(text, text.Length > 0 ? text[^1] : ' ', filled[0]);
                    text.Append(filled);
                    AppendGap(text, filled[^1], end + 1 < format.Length ? format[end + 1] : ' ');
                }

                i = end;
            }
        }

        return text.ToString();
    }

    private static void AppendGap(StringBuilder text, char left, char right)
    {
        if ((IsJapanese(left) && IsLatin(right)) || (IsLatin(left) && IsJapanese(right)))
        {
            text.Append(' ');
        }
    }

    // Without the marks such as 、 and （, which bring their own space.
    private static bool IsJapanese(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter;

    private static bool IsLatin(char character) => char.IsAsciiLetterOrDigit(character) || character is '\'' or '`' or '$' or '{' or '}' or '/' or '(' or ')';
}
