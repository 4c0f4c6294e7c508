using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>What the executor holds in its hands while it moves one run.</summary>
/// <param name="run">The run.</param>
/// <param name="version">Its rule's version.</param>
/// <param name="happening">Its event.</param>
/// <param name="scope">The event's variables; answers of earlier steps are put in.</param>
/// <param name="state">What <c>set</c> kept.</param>
public sealed class RunWork(Run run, RuleVersion version, Event happening, Scope scope, StateView state)
{
    private readonly Dictionary<string, object> _read = new(StringComparer.Ordinal);

    /// <summary>The run as it stands.</summary>
    public Run Run { get; set; } = run;

    /// <summary>The rule's version with its set.</summary>
    public RuleVersion Version { get; } = version;

    /// <summary>The rule.</summary>
    public Rule Rule => Version.Rule;

    /// <summary>The event.</summary>
    public Event Event { get; } = happening;

    /// <summary>The variables.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>What <c>set</c> kept.</summary>
    public StateView State { get; } = state;

    /// <summary>The notes that the run waited for and heard.</summary>
    public IEnumerable<JsonElement> Heard => Run.Steps.Values
        .Where(step => step is { Kind: Hearing.Kind, Answer: not null })
        .Select(step => JsonElement.Parse(step.Answer!).FindObject("note")).OfType<JsonElement>();

    /// <summary>
    /// Whether the run has come to know private text beside its event's: a reply that it heard, what an endpoint told, what was kept. Such
    /// text can stand in the reason of a failure, where it bears no mark.
    /// </summary>
    public bool KnowsOthers => State.HasPrivate || Heard.Any(note => note.GetText("visibility") != "public") || Run.Steps.Values.Any(HoldsOthers);

    private static bool HoldsOthers(Step step) => step.Answer is { } answer && step.Kind switch
    {
        "api" => EventScope.HoldsPrivate(JsonElement.Parse(answer)),
        "for-each" => LoopList.Read(answer).Any(IsForeign),
        FrozenLets.Kind => IsForeign(StoredValue.Read(answer)),
        _ => false,
    };

    private static bool IsForeign(Value value) => value.PrivateMarks.HasFlag(ValueMarks.Foreign);

    /// <summary>A check begins: what was true of the event's note and person, and the values of <c>let</c>, may have changed.</summary>
    public void LookAgain()
    {
        EventScope.ReadAgain(Scope, Event);
        Scope.Lets = Rule.Lets;
    }

    /// <summary>Gives the step that is to be taken its variables and dice: each round of a loop has its own.</summary>
    public void Enter(StepPlace place)
    {
        var inner = place.Rounds.Count == 0 ? null : place.Rounds[^1];
        Scope.Seed = inner is null ? Run.Seed : EventScope.SeedOf(Run.Seed, $"{inner.Path}#{inner.Number}");
        foreach (var steps in Rule.Branches)
        {
            Forget(steps);
        }

        foreach (var steps in Rule.Branches)
        {
            Recall(steps, default, place.Rounds);
        }

        if (Run.Branch == OnError.Branch)
        {
            Scope["error"] = OnError.Variable(Run, Event);
        }
    }

    private void Forget(IReadOnlyList<StepNode> nodes)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case StepNode.Call { As: { } name }:
                    Scope[name] = Value.Null;
                    break;
                case StepNode.If fork:
                    Forget(fork.Then);
                    Forget(fork.Else);
                    break;
                case StepNode.WaitFor wait:
                    Forget(wait.Else);
                    if (wait.As is { } answer)
                    {
                        Scope[answer] = Value.Null;
                    }

                    break;
                case StepNode.ForEach loop:
                    Scope[loop.Variable] = Value.Null;
                    Forget(loop.Do);
                    break;
            }
        }
    }

    private void Recall(IReadOnlyList<StepNode> nodes, RoundPath around, IReadOnlyList<LoopRound> rounds)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case StepNode.Call { As: { } name } call when AnswerAt(around.PathOf(call)) is { } answer:
                    Scope[name] = Once(around.PathOf(call), () => ReadAnswer(call, answer));
                    break;
                case StepNode.If fork:
                    Recall(fork.Then, around, rounds);
                    Recall(fork.Else, around, rounds);
                    break;
                case StepNode.WaitFor wait:
                    Recall(wait.Else, around, rounds);
                    if (wait.As is { } reply && AnswerAt(around.PathOf(wait)) is { } heard)
                    {
                        Scope[reply] = Once(around.PathOf(wait), () => Hearing.Read(heard));
                    }

                    break;
                case StepNode.ForEach loop when rounds.FirstOrDefault(round => round.Path == around.PathOf(loop)) is { } round
                    && AnswerAt(round.Path) is { } list:
                    Scope[loop.Variable] = Once(round.Path, () => LoopList.Read(list))[round.Number - 1];
                    Recall(loop.Do, around.Inside(loop, round.Number), rounds);
                    break;
            }
        }
    }

    private string? AnswerAt(string path) => Run.Steps.GetValueOrDefault(path)?.Answer;

    private Value ReadAnswer(StepNode.Call call, string answer)
    {
        var json = JsonElement.Parse(answer);
        return Value.From(json, EventScope.MarksOf(Event, call.Action, json));
    }

    // An answer does not change any more: it is read once, however many steps look at it.
    private T Once<T>(string path, Func<T> read)
        where T : notnull
    {
        if (!_read.TryGetValue(path, out var value))
        {
            _read[path] = value = read();
        }

        return (T)value;
    }
}
