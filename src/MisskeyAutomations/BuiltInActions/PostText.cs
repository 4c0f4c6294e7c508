using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>A text as it may be posted.</summary>
/// <param name="Text">Neutralised, without what Misskey or its database refuses, trimmed.</param>
/// <param name="Mentions">Whether the rule itself mentions somebody in it.</param>
/// <param name="Hashtags">Whether the rule itself wrote a hashtag in it.</param>
internal sealed partial record PostText(string Text, bool Mentions, bool Hashtags)
{
    /// <summary>Whether a reader would see nothing.</summary>
    public bool IsEmpty => Text.EnumerateRunes().All(IsInvisible);

    /// <summary>Renders a value.</summary>
    public static PostText Of(Value value)
    {
        var marked = value.Kind == ValueKind.Text ? value.MarkedText : MarkedText.Of(value.ToText(), value.Marks.HasFlag(ValueMarks.Markup));
        return new PostText(
            Trim(Clean(Neutralizer.Neutralize(marked))),
            Mentions: marked.Parts.Any(part => part.IsMarkup && Mention().IsMatch(part.Text)),
            Hashtags: marked.Parts.Any(part => part.IsMarkup && Hashtag().IsMatch(part.Text)));
    }

    /// <summary>
    /// At most so many code points (Misskey counts those), cut between graphemes, with an ellipsis where something was lost.
    /// </summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength || text.EnumerateRunes().Count() <= maxLength)
        {
            return text;
        }

        var kept = new StringBuilder();
        var length = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            length += element.EnumerateRunes().Count();
            if (length >= maxLength)
            {
                break;
            }

            kept.Append(element);
        }

        return kept.Append('…').ToString();
    }

    /// <summary>
    /// Unpaired surrogates become U+FFFD; control characters but line breaks and tabs go: a NUL makes Misskey's database fail for good.
    /// </summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !Rune.IsControl(rune))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    /// <summary>As Misskey trims, with JavaScript's idea of white space: a byte order mark is some.</summary>
    private static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static bool IsSpace(char character) => char.IsWhiteSpace(character) || character == '\uFEFF';

    private static bool IsInvisible(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;

    [GeneratedRegex("@[A-Za-z0-9_]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex("""#[^\s.,!?'"#:/\[\]【】()「」（）<>]""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Hashtag();
}
