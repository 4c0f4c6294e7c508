using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary><c>+ - * / %</c> on doubles; a sum with a text joins. Null makes the result null, and is empty in a join.</summary>
internal sealed class Arithmetic(TextSpan span, Shape shape, char sign, Operation left, Operation right)
    : BinaryOperation(span, shape, left, right)
{
    protected override Value Apply(Value a, Value b)
    {
        if (sign == '+' && (a.Kind == ValueKind.Text || b.Kind == ValueKind.Text))
        {
            return Texts.Concatenate(a, b);
        }

        var marks = Marks.Of(a, b);
        if (a.IsNull || b.IsNull)
        {
            return Value.Null.With(Marks.Private(marks));
        }

        return a.Kind != ValueKind.Number ? Refuse(a) : b.Kind != ValueKind.Number ? Refuse(b) : Compute(a.Number, b.Number).With(marks);
    }

    private Value Compute(double a, double b) => sign switch
    {
        '+' => Value.Of(a + b),
        '-' => Value.Of(a - b),
        '*' => Value.Of(a * b),
        _ when b == 0 => Value.Error("division by zero"),
        '/' => Value.Of(a / b),
        _ => Value.Of(a % b),
    };

    private Value Refuse(Value value) => Value.Error($"'{sign}' needs numbers, not {ShapeWords.OfKind(value.Kind)}");
}

/// <summary><c>-x</c></summary>
internal sealed class Negative(TextSpan span, Operation operand) : Operation(span, Shape.Number)
{
    public override IReadOnlyList<Operation> Operands { get; } = [operand];

    public override Value Evaluate(Scope scope)
    {
        var value = operand.Evaluate(scope);
        return value.Kind switch
        {
            ValueKind.Number => Value.Of(-value.Number).With(value.Marks),
            ValueKind.Null or ValueKind.Needs or ValueKind.Error => value,
            _ => Value.Error($"'-' needs a number, not {ShapeWords.OfKind(value.Kind)}"),
        };
    }
}
