using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>Says what steps do: each with its number, what it was written with, and its row's line of the table of steps.</summary>
/// <param name="lines">Where the lines go.</param>
internal sealed class StepExplainer(List<ExplainedLine> lines)
{
    private const int ShownOfText = 100;

    /// <summary>Says what these steps do, in order.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="depth">How far their lines stand in.</param>
    /// <param name="around">The number of the step around them with a dot, such as <c>2.</c>; empty for the rule's own.</param>
    public void Explain(IReadOnlyList<StepNode> steps, int depth, string around = "")
    {
        foreach (var (step, number) in steps.Select((step, index) => (step, $"{around}{index + 1}")))
        {
            Explain(step, depth, number);
            if (step.ContinueOnError)
            {
                Say(depth + 1, "if it fails, the run goes on");
            }
        }
    }

    private void Explain(StepNode step, int depth, string number)
    {
        switch (step)
        {
            case StepNode.Call call:
                ExplainCall(call, depth, number);
                break;
            case StepNode.If fork:
                Say(depth, $"{number}. if:");
                lines.AddRange(ConditionExplainer.Explain(fork.Condition, depth + 1));
                Say(depth + 1, "then:");
                Explain(fork.Then, depth + 2, $"{number}.");
                if (fork.Else.Count > 0)
                {
                    Say(depth + 1, "else:");
                    Explain(fork.Else, depth + 2, $"{number}.else.");
                }

                break;
            case StepNode.ForEach loop:
                Say(depth, $"{number}. for each entry of {loop.List.Source.Text}, called {loop.Variable}, at most {StepNode.ForEach.MaxRounds}:");
                Explain(loop.Do, depth + 1, $"{number}.");
                break;
            case StepNode.Wait wait:
                Say(depth, wait.Duration is { } range ? Phrase.Of($"{number}. waits {Wordings.Length(range)}") : Phrase.Of($"{number}. waits for {wait.Expression!.Source.Text}"));
                break;
            case StepNode.WaitUntil until:
                Say(depth, $"{number}. waits until {until.Time ?? until.Expression!.Source.Text}");
                break;
            case StepNode.WaitFor reply:
                Say(depth, $"{number}. waits {Wordings.Length(reply.Within)} at most for a reply of the same user to a note of this run");
                SayName(reply.As, depth + 1);
                if (reply.Else.Count > 0)
                {
                    Say(depth + 1, "if none came:");
                    Explain(reply.Else, depth + 2, $"{number}.");
                }

                break;
            case StepNode.Set set:
                Say(depth, set.Per is { } per
                    ? Phrase.Of($"{number}. keeps {Entries(set)} for later runs, for each {per} apart")
                    : Phrase.Of($"{number}. keeps {Entries(set)} for later runs"));
                if (set.Expires is { } expires)
                {
                    Say(depth + 1, $"forgotten after {Wordings.Length(expires)}");
                }

                break;
            case StepNode.Stop:
                Say(depth, $"{number}. ends the run");
                break;
        }
    }

    private void ExplainCall(StepNode.Call call, int depth, string number)
    {
        Say(depth, $"{number}. {call.Action.Name}: {(call.Arguments.TryGetValue("", out var main) ? Written(main) : "")}");
        Say(depth + 1, Wordings.Row(call.Action.Doc));
        foreach (var (name, argument) in call.Arguments.Where(argument => argument.Key.Length > 0))
        {
            Say(depth + 1, $"{name}: {Written(argument)}");
        }

        SayName(call.As, depth + 1);
        switch (call.Assurance)
        {
            case Assurance.AtMostOnce:
                Say(depth + 1, "is never sent again once it may have arrived");
                break;
            case Assurance.AtLeastOnce:
                Say(depth + 1, "is sent again until an answer comes, even if that does it twice");
                break;
        }

        if (call.AllowPrivate)
        {
            Say(depth + 1, "may show text of notes that are not public to others");
        }
    }

    private void SayName(string? name, int depth)
    {
        if (name is not null)
        {
            Say(depth, $"its answer is called {name} from here on");
        }
    }

    private void Say(int depth, Phrase text) => lines.Add(new(depth, text));

    private static string Entries(StepNode.Set set) => string.Join(", ", set.Entries.Select(entry => $"{entry.Key}: {Written(entry.Value)}"));

    private static string Written(Argument argument) => argument switch
    {
        Argument.Expression expression => Short(expression.Compiled.Source.Text),
        Argument.Text text => Short(text.Template.Source.Text),
        Argument.Constant constant => Short(constant.Value.ToText()),
        Argument.Sequence sequence => Short($"[{string.Join(", ", sequence.Entries.Select(Written))}]"),
        Argument.Mapping mapping => Short($"{{ {string.Join(", ", mapping.Entries.Select(entry => $"{entry.Key}: {Written(entry.Value)}"))} }}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Short(string text) => Ellipsis.Cut(text.Trim().ReplaceLineEndings(" ↵ "), ShownOfText);
}
