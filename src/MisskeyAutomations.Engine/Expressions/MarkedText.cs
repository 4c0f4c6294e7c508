namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// A text that knows which of its parts a rule file wrote (markup) and which came from outside (data).
/// The parts follow each other without gaps; neighbours of one origin are merged.
/// </summary>
public sealed class MarkedText
{
    private readonly List<(string Text, bool IsMarkup)> _parts = [];

    private MarkedText()
    {
    }

    /// <summary>The parts in order.</summary>
    public IReadOnlyList<(string Text, bool IsMarkup)> Parts => _parts;

    /// <summary>The whole text.</summary>
    public string Text => field ??= string.Concat(_parts.Select(part => part.Text));

    /// <summary>Its length in UTF-16 code units.</summary>
    internal int Length => _parts.Sum(part => part.Text.Length);

    /// <summary>A text of one origin.</summary>
    public static MarkedText Of(string text, bool isMarkup) => new MarkedText().Append(text, isMarkup);

    /// <summary>Several texts, one after the other.</summary>
    public static MarkedText Join(params IEnumerable<MarkedText> texts)
    {
        var joined = new MarkedText();
        foreach (var (text, isMarkup) in texts.SelectMany(text => text._parts))
        {
            joined.Append(text, isMarkup);
        }

        return joined;
    }

    /// <summary>The same parts with each text replaced.</summary>
    internal MarkedText Select(Func<string, string> replace)
    {
        var replaced = new MarkedText();
        foreach (var (text, isMarkup) in _parts)
        {
            replaced.Append(replace(text), isMarkup);
        }

        return replaced;
    }

    private MarkedText Append(string text, bool isMarkup)
    {
        if (text.Length == 0)
        {
            return this;
        }

        if (_parts.Count > 0 && _parts[^1].IsMarkup == isMarkup)
        {
            _parts[^1] = (_parts[^1].Text + text, isMarkup);
        }
        else
        {
            _parts.Add((text, isMarkup));
        }

        return this;
    }
}
