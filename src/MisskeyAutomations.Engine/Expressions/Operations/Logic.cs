using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary><c>a and b</c> or <c>a or b</c>: from left to right, and no further than needed. Null is false.</summary>
internal sealed class Junction(TextSpan span, bool isAnd, Operation left, Operation right) : Operation(span, Shape.Boolean)
{
    public bool IsAnd => isAnd;

    public override IReadOnlyList<Operation> Operands { get; } = [left, right];

    public override Value Evaluate(Scope scope)
    {
        var first = Conditions.Read(left.Evaluate(scope));
        if (!first.IsKnown || first.IsTrue != isAnd)
        {
            return first;
        }

        var second = Conditions.Read(right.Evaluate(scope));
        return second.With(Marks.Private(first));
    }
}

/// <summary><c>not a</c>: true for null.</summary>
internal sealed class Negation(TextSpan span, Operation operand) : Operation(span, Shape.Boolean)
{
    public override IReadOnlyList<Operation> Operands { get; } = [operand];

    public override Value Evaluate(Scope scope)
    {
        var value = Conditions.Read(operand.Evaluate(scope));
        return value.IsKnown ? Value.Of(!value.IsTrue).With(Marks.Private(value)) : value;
    }
}

/// <summary><c>condition ? then : otherwise</c> and <c>if(condition, then, otherwise)</c>.</summary>
internal sealed class Choice(TextSpan span, Shape shape, Operation condition, Operation then, Operation? otherwise) : Operation(span, shape)
{
    public override IReadOnlyList<Operation> Operands { get; } = otherwise is null ? [condition, then] : [condition, then, otherwise];

    public override Value Evaluate(Scope scope)
    {
        var decided = Conditions.Read(condition.Evaluate(scope));
        if (!decided.IsKnown)
        {
            return decided;
        }

        var chosen = decided.IsTrue ? then.Evaluate(scope) : otherwise?.Evaluate(scope) ?? Value.Null;
        return chosen.With(Marks.Private(decided));
    }
}

/// <summary>A whole condition: null is false, what is neither true nor false is an error.</summary>
internal sealed class WholeCondition(Operation operand) : Operation(operand.Span, Shape.Boolean)
{
    public override IReadOnlyList<Operation> Operands { get; } = [operand];

    public override Value Evaluate(Scope scope) => Conditions.Read(operand.Evaluate(scope));
}

/// <summary>Values as conditions.</summary>
internal static class Conditions
{
    /// <summary>The truth value of a condition: null is false, other kinds are errors.</summary>
    public static Value Read(Value value) => value.Kind switch
    {
        ValueKind.Boolean or ValueKind.Needs or ValueKind.Error => value,
        ValueKind.Null => Value.False.With(Marks.Private(value)),
        _ => Value.Error($"{ShapeWords.OfKind(value.Kind)} is no condition"),
    };
}
