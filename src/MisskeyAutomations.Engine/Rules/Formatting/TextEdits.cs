using System.Text;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>Changes of a text, gathered in any order and made at once. No two of them overlap.</summary>
internal sealed class TextEdits(string text)
{
    private readonly List<(TextSpan Span, string By)> _edits = [];

    /// <summary>Puts other characters in the place of these. Nothing is kept of an edit that changes nothing.</summary>
    public void Replace(TextSpan span, string by)
    {
        if (!text.AsSpan(span.Start, span.Length).SequenceEqual(by))
        {
            _edits.Add((span, by));
        }
    }

    /// <summary>Puts characters before those that stand there, and before what any other edit puts there.</summary>
    public void Insert(int at, string by) => _edits.Insert(0, (new(at, at), by));

    /// <summary>How many characters longer the edits between two places make the text.</summary>
    public int Growth(int from, int to) =>
        _edits.Where(edit => edit.Span.Start >= from && edit.Span.End <= to).Sum(edit => edit.By.Length - edit.Span.Length);

    /// <summary>The changed text.</summary>
    public string Apply()
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (span, by) in _edits.OrderBy(edit => edit.Span.Start).ThenBy(edit => edit.Span.End))
        {
            result.Append(text, at, span.Start - at).Append(by);
            at = span.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
