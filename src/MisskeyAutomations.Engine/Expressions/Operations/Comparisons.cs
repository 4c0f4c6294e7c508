using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary><c>== !=</c>, exact and ordinal; null equals null only. Different kinds cannot be compared.</summary>
internal sealed class Equality(TextSpan span, bool isEqual, Operation left, Operation right)
    : BinaryOperation(span, Shape.Boolean, left, right)
{
    protected override Value Apply(Value a, Value b)
    {
        return a.Kind != b.Kind && !a.IsNull && !b.IsNull ? Comparisons.Refuse(a, b)
            : Value.Of(a.Equals(b) == isEqual).With(Marks.Private(a) | Marks.Private(b));
    }
}

/// <summary><c>&lt; &lt;= &gt; &gt;=</c>: numbers by size, texts by code units (so ISO 8601 times by time); false where null is compared.</summary>
internal sealed class Ordering(TextSpan span, string sign, Operation left, Operation right)
    : BinaryOperation(span, Shape.Boolean, left, right)
{
    protected override Value Apply(Value a, Value b)
    {
        var marks = Marks.Private(a) | Marks.Private(b);
        if (a.IsNull || b.IsNull)
        {
            return Value.False.With(marks);
        }

        return (a.Kind, b.Kind) switch
        {
            (ValueKind.Number, ValueKind.Number) => Holds(a.Number.CompareTo(b.Number)).With(marks),
            (ValueKind.Text, ValueKind.Text) => Holds(string.CompareOrdinal(a.Text, b.Text)).With(marks),
            _ => Comparisons.Refuse(a, b),
        };
    }

    private Value Holds(int order) => Value.Of(sign switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    });
}

/// <summary><c>x in list</c> and <c>x not in list</c>: exact. Lists inside the list count as their entries.</summary>
internal sealed class Membership(TextSpan span, bool isIn, Operation entry, Operation list)
    : BinaryOperation(span, Shape.Boolean, entry, list)
{
    protected override Value Apply(Value sought, Value entries)
    {
        return entries.Kind is not (ValueKind.List or ValueKind.Null)
            ? Value.Error($"'in' looks for an entry of a list, not of {ShapeWords.OfKind(entries.Kind)}")
            : Value.Of(Holds(entries.List, sought) == isIn).With(Marks.Private(sought) | Marks.Private(entries));
    }

    private static bool Holds(IReadOnlyList<Value> entries, Value sought)
    {
        foreach (var entry in entries)
        {
            if (entry.Equals(sought) || (entry.Kind == ValueKind.List && entry.List.Contains(sought)))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What comparisons share.</summary>
internal static class Comparisons
{
    /// <summary>The error for values of kinds that cannot be compared.</summary>
    public static Value Refuse(Value left, Value right) =>
        Value.Error($"{ShapeWords.OfKind(left.Kind)} cannot be compared with {ShapeWords.OfKind(right.Kind)}");
}
