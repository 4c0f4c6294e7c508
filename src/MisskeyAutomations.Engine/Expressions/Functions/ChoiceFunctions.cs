using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary><c>has coalesce if</c></summary>
internal static class ChoiceFunctions
{
    public static Value Has(ReadOnlySpan<Value> arguments, Scope scope) => Value.Of(arguments[0].Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Text => arguments[0].Text.Length > 0,
        ValueKind.List => arguments[0].List.Count > 0,
        _ => true,
    });

    public static Operation If(FunctionCall call) => new Choice(call.Span, call.Shape, call.Arguments[0], call.Arguments[1], call[2]);

    public static Operation Coalesce(FunctionCall call) => new CoalesceCall(call);

    public static Shape BranchShape(FunctionCall call) => call[2] is { } otherwise ? Common(call.Arguments[1], otherwise) : call.Arguments[1].Shape;

    public static Shape CommonShape(FunctionCall call) => Common([.. call.Arguments]);

    /// <summary>The shape that all have; null fits every shape.</summary>
    public static Shape Common(params ReadOnlySpan<Operation> operations)
    {
        Shape? common = null;
        foreach (var operation in operations)
        {
            if (operation is Constant { Value.IsNull: true })
            {
                continue;
            }

            if (common is not null && common != operation.Shape)
            {
                return Shape.Any;
            }

            common = operation.Shape;
        }

        return common ?? Shape.Any;
    }

    private sealed class CoalesceCall(FunctionCall call) : Operation(call.Span, call.Shape)
    {
        public override IReadOnlyList<Operation> Operands { get; } = call.Arguments;

        public override Value Evaluate(Scope scope)
        {
            var marks = ValueMarks.None;
            foreach (var operand in Operands)
            {
                var value = operand.Evaluate(scope);
                marks |= Marks.Private(value);
                if (!value.IsNull)
                {
                    return value.With(marks);
                }
            }

            return Value.Null.With(marks);
        }
    }
}
