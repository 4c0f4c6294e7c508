using System.Globalization;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Finds where a run stands in its rule's steps. The recorded steps are all it goes by, so it finds the same place after every restart.</summary>
public static class StepCursor
{
    /// <summary>The first step that is not over, with the rounds around it; null when all are.</summary>
    public static StepPlace? Next(Rule rule, Run run) => Find(StepsOf(rule, run.Branch), run, default, []);

    /// <summary>The steps of a branch.</summary>
    public static IReadOnlyList<StepNode> StepsOf(Rule rule, string branch) => branch switch
    {
        "do" => rule.Do,
        "else" => rule.Else,
        OnError.Branch => rule.OnError,
        _ => rule.Limits.FirstOrDefault(limit => limit.OverBranch == branch)?.OverSteps ?? [],
    };

    /// <summary>Whether nothing more will happen to a step: one of unknown effect is over where the run may go on without knowing.</summary>
    public static bool IsOver(StepNode node, Step step, Run run) =>
        step.IsOver || (step.State == StepState.Uncertain && node.ContinueOnError && run.WaitsFor != WaitReason.Uncertain);

    private static StepPlace? Find(IReadOnlyList<StepNode> nodes, Run run, RoundPath around, IReadOnlyList<LoopRound> rounds)
    {
        foreach (var node in nodes)
        {
            var path = around.PathOf(node);
            if (!run.Steps.TryGetValue(path, out var step) || !IsOver(node, step, run))
            {
                return new(node with { Path = path }, rounds);
            }

            if (step.State == StepState.Done && FindInside(node, step, run, around, rounds) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    private static StepPlace? FindInside(StepNode node, Step step, Run run, RoundPath around, IReadOnlyList<LoopRound> rounds) => node switch
    {
        StepNode.If fork => Find(step.Answer == "\"then\"" ? fork.Then : fork.Else, run, around, rounds),
        StepNode.WaitFor { Else.Count: > 0 } wait when step.Answer is null => Find(wait.Else, run, around, rounds),
        StepNode.ForEach loop => Enumerable.Range(1, LoopList.CountOf(step))
            .Select(round => Find(loop.Do, run, around.Inside(loop, round), [.. rounds, new(loop, around.PathOf(loop), round)]))
            .FirstOrDefault(place => place is not null),
        _ => null,
    };
}

/// <summary>A step that is to be taken.</summary>
/// <param name="Node">The step, with the path of this round.</param>
/// <param name="Rounds">The rounds of the loops around it, from the outermost.</param>
public sealed record StepPlace(StepNode Node, IReadOnlyList<LoopRound> Rounds);

/// <summary>A round of a loop.</summary>
/// <param name="Loop">The loop as the rule has it.</param>
/// <param name="Path">The path of its record: where it is inside another loop, that of the round.</param>
/// <param name="Number">From 1.</param>
public sealed record LoopRound(StepNode.ForEach Loop, string Path, int Number);

/// <summary>
/// How the steps of a round are called: <c>do[0].do[1]</c> is <c>do[0]#3.do[1]</c> in the third round of <c>do[0]</c>.
/// </summary>
/// <param name="Cut">How much of a step's written path the loop's takes up.</param>
/// <param name="Prefix">What stands for it; null outside of loops.</param>
public readonly record struct RoundPath(int Cut, string? Prefix)
{
    /// <summary>The path of a step's record.</summary>
    public string PathOf(StepNode node) => Prefix is null ? node.Path : Prefix + node.Path[Cut..];

    /// <summary>The paths inside a round of a loop that stands here.</summary>
    public RoundPath Inside(StepNode.ForEach loop, int round) =>
        new(loop.Path.Length, string.Create(CultureInfo.InvariantCulture, $"{PathOf(loop)}#{round}"));
}
