namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// A text that knows which of its parts a rule file wrote (markup) and which came from outside (data).
/// The parts follow each other without gaps; neighbours of one origin are merged.
/// </summary>
public sealed class MarkedText
{
    /// <summary>What a secret reads as wherever its value is not asked for by name: everywhere but on its way to the outside.</summary>
    public const string Mask = "***";

    private readonly List<(string Text, bool IsMarkup)> _parts = [];

    // By position in the parts. Beside the text, not inside it: no text of an event can be taken for a secret.
    private Dictionary<int, string>? _secrets;

    private MarkedText()
    {
    }

    /// <summary>The parts in order.</summary>
    public IReadOnlyList<(string Text, bool IsMarkup)> Parts => _parts;

    /// <summary>The parts in order, each as a text or as the name of a secret.</summary>
    public IEnumerable<TextPiece> Pieces =>
        _parts.Select((part, at) => _secrets?.TryGetValue(at, out var secret) == true ? new TextPiece.Secret(secret) : (TextPiece)new TextPiece.Written(part.Text));

    /// <summary>Whether a secret belongs into it.</summary>
    public bool HoldsSecrets => _secrets is not null;

    /// <summary>The whole text.</summary>
    public string Text => field ??= string.Concat(_parts.Select(part => part.Text));

    /// <summary>Its length in UTF-16 code units.</summary>
    internal int Length => _parts.Sum(part => part.Text.Length);

    /// <summary>A text of one origin.</summary>
    public static MarkedText Of(string text, bool isMarkup) => new MarkedText().Append(text, isMarkup);

    /// <summary>The place of a secret; its value is put in when it is sent, and nowhere else.</summary>
    public static MarkedText OfSecret(string name) => new MarkedText().AppendSecret(name);

    /// <summary>Several texts, one after the other.</summary>
    public static MarkedText Join(params IEnumerable<MarkedText> texts)
    {
        var joined = new MarkedText();
        foreach (var text in texts)
        {
            for (var at = 0; at < text._parts.Count; at++)
            {
                if (text._secrets?.TryGetValue(at, out var secret) == true)
                {
                    joined.AppendSecret(secret);
                }
                else
                {
                    joined.Append(text._parts[at].Text, text._parts[at].IsMarkup);
                }
            }
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

        if (_parts.Count > 0 && _parts[^1].IsMarkup == isMarkup && _secrets?.ContainsKey(_parts.Count - 1) != true)
        {
            _parts[^1] = (_parts[^1].Text + text, isMarkup);
        }
        else
        {
            _parts.Add((text, isMarkup));
        }

        return this;
    }

    private MarkedText AppendSecret(string name)
    {
        (_secrets ??= []).Add(_parts.Count, name);
        _parts.Add((Mask, true));
        return this;
    }
}

/// <summary>A part of a text on its way to the outside.</summary>
public abstract record TextPiece
{
    private TextPiece()
    {
    }

    /// <summary>A text as it stands.</summary>
    public sealed record Written(string Text) : TextPiece;

    /// <summary>The value of a secret, by the secret's name.</summary>
    public sealed record Secret(string Name) : TextPiece;
}
