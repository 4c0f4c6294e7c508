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
    /// At most so many code points (Misskey counts those), cut between graphemes, with an ellipsis where something was lost. A mention,
    /// hashtag or address in which the cut falls is left out: the rest of it would mean somebody or something else.
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

        var whole = kept.ToString();
        return BrokenOff().Match(whole) is { Success: true } broken ? $"{whole[..broken.Index]}…" : $"{whole}…";
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

    /// <summary>White space, controls and formats, and the fillers and blanks that people name themselves with to show no name.</summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0F);

    [GeneratedRegex("""(@[A-Za-z0-9_.-]*(@[A-Za-z0-9_.-]*)?|#[^\s.,!?'"#:/\[\]【】()「」（）<>]*|https?://\S*)\z""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex BrokenOff();

    [GeneratedRegex("@[A-Za-z0-9_]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex("""#[^\s.,!?'"#:/\[\]【】()「」（）<>]""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Hashtag();
}
