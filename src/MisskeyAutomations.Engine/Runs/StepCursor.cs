using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Finds where a run stands in its rule's steps. The recorded steps are all it goes by, so it finds the same place after every restart.</summary>
public static class StepCursor
{
    /// <summary>The first step that is not over; null when all are.</summary>
    public static StepNode? Next(Rule rule, Run run) => Find(run.Branch == "else" ? rule.Else : rule.Do, run);

    private static StepNode? Find(IReadOnlyList<StepNode> nodes, Run run)
    {
        foreach (var node in nodes)
        {
            if (!run.Steps.TryGetValue(node.Path, out var step) || !step.IsOver)
            {
                return node;
            }

            if (node is StepNode.If fork && Find(step.Answer == "\"then\"" ? fork.Then : fork.Else, run) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }
}
