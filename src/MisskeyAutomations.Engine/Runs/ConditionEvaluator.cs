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
        Condition.Any any => AskAny(any, scope),
        Condition.None none => Not(FirstThat(none.Conditions, scope, decides: true, otherwise: false)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Where none of several holds, it takes all of them to say no.
    private static ConditionAnswer AskAny(Condition.Any any, Scope scope)
    {
        var answer = FirstThat(any.Conditions, scope, decides: true, otherwise: false);
        return answer.Value is { IsKnown: true, IsTrue: false } && any.Conditions.Count > 1 ? answer with { AllOf = any } : answer;
    }

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
    private const int MostDescribed = 8;

    /// <summary>The conditions that decided together, none of which holds; null when one expression did.</summary>
    internal Condition.Any? AllOf { get; init; }

    /// <summary>Why, in one line: the deciding expression with the values it saw, or the first 8 of several, with <c>;</c> between.</summary>
    public string? Because(Scope scope)
    {
        if (AllOf is not { } several)
        {
            return Value.Kind == ValueKind.Error ? $"{Deciding}: {Value.Reason}" : Deciding?.Describe(scope);
        }

        var described = several.Conditions.Take(MostDescribed).Select(condition => ConditionEvaluator.Ask(condition, scope).Because(scope));
        var more = several.Conditions.Count > MostDescribed ? $"; and {several.Conditions.Count - MostDescribed} more" : "";
        return string.Join("; ", described) + more;
    }
}
