using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Asks conditions.</summary>
public static class ConditionEvaluator
{
    /// <summary>Asks a condition; none holds always.</summary>
    public static ConditionAnswer Ask(Condition? condition, Scope scope) => condition switch
    {
        null => new(Value.True, null),
        Condition.Holds holds => new(AsCondition(holds.Expression.Evaluate(scope)), holds.Expression),
        Condition.All all => FirstThat(all.Conditions, scope, decides: false, otherwise: true),
        Condition.Any any => FirstThat(any.Conditions, scope, decides: true, otherwise: false),
        Condition.None none => Not(FirstThat(none.Conditions, scope, decides: true, otherwise: false)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ConditionAnswer FirstThat(IReadOnlyList<Condition> conditions, Scope scope, bool decides, bool otherwise)
    {
        var last = new ConditionAnswer(Value.Of(otherwise), null);
        foreach (var condition in conditions)
        {
            last = Ask(condition, scope);
            if (!last.Value.IsKnown || last.Value.IsTrue == decides)
            {
                return last;
            }
        }

        return last with { Value = Value.Of(otherwise) };
    }

    private static ConditionAnswer Not(ConditionAnswer answer) =>
        answer.Value.IsKnown ? answer with { Value = Value.Of(!answer.Value.IsTrue) } : answer;

    // Null is false; any other kind that is no truth value is a mistake which the type checker could not see.
    private static Value AsCondition(Value value) => value.Kind switch
    {
        ValueKind.Boolean or ValueKind.Needs or ValueKind.Error => value,
        ValueKind.Null => Value.False,
        _ => Value.Error($"a condition must be true or false, but this is {value}"),
    };
}

/// <summary>What a condition said.</summary>
/// <param name="Value">True, false, needs or an error.</param>
/// <param name="Deciding">The expression that decided; null when there was none.</param>
public readonly record struct ConditionAnswer(Value Value, CompiledExpression? Deciding)
{
    /// <summary>Why, in one line: the deciding expression with the values it saw.</summary>
    public string? Because(Scope scope) =>
        Value.Kind == ValueKind.Error ? $"{Deciding}: {Value.Reason}" : Deciding?.Describe(scope);
}
