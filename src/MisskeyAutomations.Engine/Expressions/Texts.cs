using System.Text;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Making of texts within the budget of a result, without losing where each part came from.</summary>
internal static class Texts
{
    /// <summary>The most UTF-8 bytes of a text.</summary>
    public const int MaximumBytes = 64 * 1024;

    /// <summary>The most entries of a list.</summary>
    public const int MaximumEntries = 10_000;

    /// <summary>The reason given when a text grows too long.</summary>
    public static readonly Value TooLong = Value.Error("the text is longer than 64 KiB");

    /// <summary>The reason given when a list grows too long.</summary>
    public static readonly Value TooMany = Value.Error("the list has more than 10,000 entries");

    /// <summary>Whether a text is within the budget.</summary>
    public static bool Fits(string text) =>
        text.Length <= MaximumBytes / 3 || (text.Length <= MaximumBytes && Encoding.UTF8.GetByteCount(text) <= MaximumBytes);

    /// <summary>A text, or the error that it is too long.</summary>
    public static Value Of(string text, ValueMarks marks = ValueMarks.None) => Fits(text) ? Value.Of(text, marks) : TooLong;

    /// <summary>Several values as one text, one after the other; each part keeps its origin.</summary>
    public static Value Concatenate(params ReadOnlySpan<Value> values)
    {
        var marks = ValueMarks.None;
        var length = 0L;
        var parts = new List<MarkedText>(values.Length);
        foreach (var value in values)
        {
            if (!value.IsKnown)
            {
                return value;
            }

            var text = ToMarkedText(value);
            marks |= value.PrivateMarks;
            length += text.Length;
            if (length > MaximumBytes)
            {
                return TooLong;
            }

            parts.Add(text);
        }

        return Of(MarkedText.Join(parts), marks);
    }

    /// <summary>A text whose parts know their origin; one of a single origin becomes a plain one.</summary>
    public static Value Of(MarkedText text, ValueMarks marks) => text.Parts.Count switch
    {
        0 => Value.Of("", marks | ValueMarks.Markup),
        1 when !text.HoldsSecrets => Of(text.Parts[0].Text, text.Parts[0].IsMarkup ? marks | ValueMarks.Markup : marks & ~ValueMarks.Markup),
        _ => Fits(text.Text) ? Value.Of(text, marks) : TooLong,
    };

    /// <summary>A value as text in which each part keeps its origin.</summary>
    public static MarkedText ToMarkedText(Value value)
    {
        if (value.Kind == ValueKind.Text)
        {
            return value.MarkedText;
        }

        if (value.Kind != ValueKind.List)
        {
            return MarkedText.Of(value.ToText(), value.Marks.HasFlag(ValueMarks.Markup));
        }

        var parts = new List<MarkedText>(2 * value.List.Count);
        foreach (var entry in value.List)
        {
            if (parts.Count > 0)
            {
                parts.Add(MarkedText.Of(", ", isMarkup: true));
            }

            parts.Add(ToMarkedText(entry));
        }

        return MarkedText.Join(parts);
    }
}
