namespace MisskeyAutomations.Engine.Expressions;

/// <summary>How marks survive an operation: private if any operand is, markup if all are.</summary>
internal static class Marks
{
    private const ValueMarks AllPrivate = ValueMarks.Private | ValueMarks.Foreign;

    /// <summary>The marks of what is made from both.</summary>
    public static ValueMarks Of(Value left, Value right) => Of(left.Marks, right.Marks);

    /// <summary>The marks of what is made from both.</summary>
    public static ValueMarks Of(ValueMarks left, ValueMarks right) =>
        Private(left | right) | (left & right & ValueMarks.Markup);

    /// <summary>The marks of what is made from all: those of a rule file's own text when there is nothing.</summary>
    public static ValueMarks Of(ReadOnlySpan<Value> values)
    {
        var marks = ValueMarks.Markup;
        foreach (var value in values)
        {
            marks = Of(marks, Effective(value));
        }

        return marks;
    }

    /// <summary>The mark that stays on a value chosen because of another one.</summary>
    public static ValueMarks Private(Value value) => Private(value.Marks);

    /// <summary>Those of the marks that say that something is private.</summary>
    public static ValueMarks Private(ValueMarks marks) => marks & AllPrivate;

    // A text of several parts, and a list, are markup if all that they hold is.
    private static ValueMarks Effective(Value value) => value.Kind switch
    {
        ValueKind.Null => Private(value) | ValueMarks.Markup,
        ValueKind.Text when value.IsComposed => Private(value) | (value.MarkedText.Parts.All(part => part.IsMarkup) ? ValueMarks.Markup : ValueMarks.None),
        ValueKind.List => value.List.Aggregate(value.Marks | ValueMarks.Markup, (marks, entry) => Of(marks, Effective(entry))),
        _ => value.Marks,
    };
}
