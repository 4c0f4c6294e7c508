using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>What the executor holds in its hands while it moves one run.</summary>
public sealed class RunWork
{
    /// <summary>Begins with a run, its rule's version, its event and the event's variables; answers of earlier steps are put in.</summary>
    public RunWork(Run run, RuleVersion version, Event happening, Scope scope)
    {
        Run = run;
        Version = version;
        Event = happening;
        Scope = scope;
        RecallAnswers(version.Rule.Do);
        RecallAnswers(version.Rule.Else);
    }

    /// <summary>The run as it stands.</summary>
    public Run Run { get; set; }

    /// <summary>The rule's version with its set.</summary>
    public RuleVersion Version { get; }

    /// <summary>The rule.</summary>
    public Rule Rule => Version.Rule;

    /// <summary>The event.</summary>
    public Event Event { get; }

    /// <summary>The variables.</summary>
    public Scope Scope { get; }

    /// <summary>Lets the steps that follow see what a step was answered.</summary>
    public void Recall(string name, StepNode.Call call, string answer)
    {
        var json = JsonDocument.Parse(answer).RootElement;
        Scope[name] = Value.From(json, EventScope.MarksOf(Event, call.Action, json));
    }

    private void RecallAnswers(IReadOnlyList<StepNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (node is StepNode.Call { As: { } name } call && Run.Steps.GetValueOrDefault(node.Path)?.Answer is { } answer)
            {
                Recall(name, call, answer);
            }
            else if (node is StepNode.If fork)
            {
                RecallAnswers(fork.Then);
                RecallAnswers(fork.Else);
            }
        }
    }
}
