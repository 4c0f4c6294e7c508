using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>Finds what hangs on a time zone: calls such as <c>hour()</c>, and times of day.</summary>
internal static class ZoneUse
{
    /// <summary>Whether a condition asks for an hour, a day or the like.</summary>
    public static bool IsIn(Condition? condition) => condition switch
    {
        null => false,
        Condition.Holds holds => holds.Expression.AsksTheClock,
        Condition.All all => all.Conditions.Any(IsIn),
        Condition.Any any => any.Conditions.Any(IsIn),
        Condition.None none => none.Conditions.Any(IsIn),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether a step, or one inside it, does.</summary>
    public static bool IsIn(StepNode step) => step switch
    {
        StepNode.Call call => call.Arguments.Values.Any(IsIn),
        StepNode.If fork => IsIn(fork.Condition) || fork.Then.Any(IsIn) || fork.Else.Any(IsIn),
        StepNode.ForEach loop => loop.List.AsksTheClock || loop.Do.Any(IsIn),
        StepNode.Wait wait => wait.Expression is { AsksTheClock: true },
        StepNode.WaitUntil until => until.Time is null || Moments.HangsOnZone(until.Time),
        StepNode.WaitFor reply => reply.Else.Any(IsIn),
        StepNode.Set set => set.Entries.Values.Any(IsIn),
        _ => false,
    };

    private static bool IsIn(Argument argument) => argument switch
    {
        Argument.Expression expression => expression.Compiled.AsksTheClock,
        Argument.Text text => text.Template.AsksTheClock,
        Argument.Sequence sequence => sequence.Entries.Any(IsIn),
        Argument.Mapping mapping => mapping.Entries.Values.Any(IsIn),
        _ => false,
    };
}
