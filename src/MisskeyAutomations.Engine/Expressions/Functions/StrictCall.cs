using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>The work of a function that takes all its arguments' values. Arguments that were left out are missing at the end.</summary>
internal delegate Value StrictFunction(ReadOnlySpan<Value> arguments, Scope scope);

/// <summary>
/// A call that evaluates all arguments, left to right, checks their kinds and works on them. The result is private if any argument
/// is, and markup if all are.
/// </summary>
internal class StrictCall(FunctionCall call, StrictFunction function) : Operation(call.Span, call.Shape)
{
    private readonly Function _function = call.Function;

    /// <summary>The function's name.</summary>
    public string Name => _function.Name;

    public override IReadOnlyList<Operation> Operands { get; } = call.Arguments;

    public override Value Evaluate(Scope scope)
    {
        var arguments = Operands.Count == 0 ? [] : new Value[Operands.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Operands[i] is PatternOperation)
            {
                continue;
            }

            arguments[i] = Operands[i].Evaluate(scope);
            if (!arguments[i].IsKnown)
            {
                return arguments[i];
            }

            if (_function.ParameterAt(i) is var parameter && !parameter.Takes(arguments[i]))
            {
                return Value.Error($"{_function.Name} needs {parameter.Words} as '{parameter.Name}', not {ShapeWords.OfKind(arguments[i].Kind)}");
            }
        }

        return Mark(function(arguments, scope), arguments);
    }

    /// <summary>Marks the result by its arguments.</summary>
    protected virtual Value Mark(Value result, Value[] arguments)
    {
        if (!result.IsKnown)
        {
            return result;
        }

        var marks = Marks.Of(arguments);
        return result.Kind == ValueKind.List ? Value.Of([.. result.List.Select(entry => entry.With(marks))], marks) : result.With(marks);
    }
}

/// <summary>A strict call whose result is made of its arguments' own parts, which keep their origin.</summary>
internal sealed class PassingCall(FunctionCall call, StrictFunction function) : StrictCall(call, function)
{
    protected override Value Mark(Value result, Value[] arguments)
    {
        var marks = ValueMarks.None;
        foreach (var argument in arguments)
        {
            marks |= Marks.Private(argument);
        }

        return result.IsKnown ? result.With(marks) : result;
    }
}
