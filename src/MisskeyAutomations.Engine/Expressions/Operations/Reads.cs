using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary>A value that a rule file wrote.</summary>
internal sealed class Constant(TextSpan span, Shape shape, Value value) : Operation(span, shape)
{
    public Value Value => value;

    public override Value Evaluate(Scope scope) => value;
}

/// <summary>A regular expression; a value of its own it has none.</summary>
internal sealed class PatternOperation(TextSpan span, Pattern pattern) : Operation(span, Shape.Any)
{
    public Pattern Pattern => pattern;

    public override Value Evaluate(Scope scope) => Value.Error("a regular expression is no value");
}

/// <summary>A variable of the event, or a named value.</summary>
internal sealed class Variable(TextSpan span, Shape shape, string name) : Operation(span, shape)
{
    public string Name => name;

    public override bool IsRead => true;

    public override Value Evaluate(Scope scope) => scope[name];
}

/// <summary><c>now</c>: the time of this evaluation as ISO 8601 in UTC.</summary>
internal sealed class NowVariable(TextSpan span) : Operation(span, Shape.Text)
{
    public override bool IsRead => true;

    public override Value Evaluate(Scope scope) =>
        Value.Of(scope.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ValueMarks.Markup);
}

/// <summary><c>lists.NAME</c>: a list of the rule set. Its entries are markup.</summary>
internal sealed class RuleList(TextSpan span, string name) : Operation(span, Shape.List(Shape.Any))
{
    public override Value Evaluate(Scope scope) => scope.Lists.TryGetValue(name, out var list) ? list.With(ValueMarks.Markup) : Value.Null;
}

/// <summary><c>it</c>: the entry that a condition of <c>any</c>, <c>all</c>, <c>first</c>, <c>last</c> or <c>count</c> looks at.</summary>
internal sealed class ItVariable(TextSpan span, Shape shape) : Operation(span, shape)
{
    public override Value Evaluate(Scope scope) => scope.It;
}

/// <summary><c>target[position]</c>, from 0; negative positions count from the end; null where there is no entry.</summary>
internal sealed class IndexOperation(TextSpan span, Shape shape, Operation target, Operation position) : Operation(span, shape)
{
    public override IReadOnlyList<Operation> Operands { get; } = [target, position];

    public override bool IsRead => target.IsRead && position is Constant;

    public override Value Evaluate(Scope scope)
    {
        var list = target.Evaluate(scope);
        if (!list.IsKnown)
        {
            return list;
        }

        var index = position.Evaluate(scope);
        if (!index.IsKnown)
        {
            return index;
        }

        var marks = Marks.Private(list) | Marks.Private(index);
        var entries = list.List;
        var at = index.Number < 0 ? entries.Count + index.Number : index.Number;
        return index.Kind == ValueKind.Number && double.IsInteger(at) && at >= 0 && at < entries.Count ? entries[(int)at].With(marks) : Value.Null.With(marks);
    }
}

/// <summary><c>(a, b)</c></summary>
internal sealed class ListOperation(TextSpan span, Shape shape, IReadOnlyList<Operation> entries) : Operation(span, shape)
{
    public override IReadOnlyList<Operation> Operands => entries;

    public override Value Evaluate(Scope scope)
    {
        var values = new Value[entries.Count];
        var marks = ValueMarks.Markup;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = entries[i].Evaluate(scope);
            if (!values[i].IsKnown)
            {
                return values[i];
            }

            marks = Marks.Of(marks, values[i].Marks);
        }

        return Value.Of(values, marks);
    }
}
