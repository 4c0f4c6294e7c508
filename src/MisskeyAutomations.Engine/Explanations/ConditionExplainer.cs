using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>Says what must hold.</summary>
internal static class ConditionExplainer
{
    /// <summary>The expressions as written, under what connects them.</summary>
    public static IEnumerable<ExplainedLine> Explain(Condition condition, int depth) => condition switch
    {
        Condition.Holds holds => [new(depth, Phrase.Of($"{holds.Expression.Source.Text}"))],
        Condition.All all => Joined("all of these hold:", all.Conditions, depth),
        Condition.Any any => Joined("one of these holds:", any.Conditions, depth),
        Condition.None none => Joined("none of these holds:", none.Conditions, depth),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<ExplainedLine> Joined(Phrase words, IReadOnlyList<Condition> conditions, int depth) =>
        conditions.SelectMany(condition => Explain(condition, depth + 1)).Prepend(new(depth, words));
}
