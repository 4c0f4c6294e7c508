using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary>An operation on two values that must both be known: the first need or error, from left to right, is the result.</summary>
internal abstract class BinaryOperation(TextSpan span, Shape shape, Operation left, Operation right) : Operation(span, shape)
{
    public sealed override IReadOnlyList<Operation> Operands { get; } = [left, right];

    public sealed override Value Evaluate(Scope scope)
    {
        var a = left.Evaluate(scope);
        if (!a.IsKnown)
        {
            return a;
        }

        var b = right.Evaluate(scope);
        return b.IsKnown ? Apply(a, b) : b;
    }

    /// <summary>The result for two known values.</summary>
    protected abstract Value Apply(Value a, Value b);
}
