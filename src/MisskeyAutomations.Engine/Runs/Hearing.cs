using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Conversations. A reply to a note of a run that has a <c>wait-for</c> ahead belongs to that run and starts no rule, even when it comes
/// before anybody knows the note's id, or before the run has got to its <c>wait-for</c>.
/// </summary>
public static class Hearing
{
    /// <summary>The kind of the step's record.</summary>
    public const string Kind = "wait-for";

    /// <summary>Whether an event could be a reply that a run waits for: then it is worth a look at the runs.</summary>
    public static bool IsPossible(Event happening) =>
        happening is { Standing: EventStanding.Genuine, Note: { } note, User: not null } && happening.Types.Contains("reply", StringComparer.Ordinal)
        && note.GetText("replyId") is not null;

    /// <summary>Whether the run hears the reply.</summary>
    /// <param name="rule">The rule's version that the run is on.</param>
    /// <param name="run">An unfinished run, one of whose steps made the note that is answered, or is on its way to.</param>
    /// <param name="its">The event that started the run.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="facts">What is known of who wrote it.</param>
    public static bool Hears(Rule rule, Run run, Event its, Event reply, PlanningFacts facts) =>
        !run.HasEnded && run.Phase == RunPhase.Steps
        && its.ActorId is { } person && reply.ActorId == person
        && (rule.Include.HasFlag(Inclusions.Self) || !facts.IsOurs)
        && (rule.Include.HasFlag(Inclusions.Muted) || !facts.IsMuted)
        && IsAhead(StepCursor.StepsOf(rule, run.Branch), run, default);

    /// <summary>
    /// Whether a step asks for this note, or made it. Visibility is left out: the server may narrow it. It trims texts.
    /// </summary>
    public static bool IsNoteOf(Step step, JsonElement note)
    {
        if (step.Intent is not { Endpoint: "notes/create" } intent)
        {
            return false;
        }

        if (step.Answer is { } answer)
        {
            var made = JsonElement.Parse(answer);
            return (made.FindObject("createdNote") ?? made).GetText("id") is { } id && id == note.GetText("id");
        }

        return step.State is StepState.Intended or StepState.Uncertain && AsksFor(intent.Body, note);
    }

    /// <summary>Whether a request to make a note asks for this one.</summary>
    public static bool AsksFor(string request, JsonElement note)
    {
        using var document = JsonDocument.Parse(request);
        var asked = document.RootElement;
        return asked.GetText("text").AsSpan().Trim().SequenceEqual(note.GetText("text").AsSpan().Trim())
            && Same("cw") && Same("replyId") && Same("renoteId") && Same("channelId")
            && asked.HasEntries("fileIds") == note.HasEntries("fileIds");

        bool Same(string name) => asked.GetText(name) == note.GetText(name);
    }

    /// <summary>The note that a reply answers, as far as the reply tells.</summary>
    public static JsonElement? ParentOf(Event reply) => reply.Note?.FindObject("reply");

    /// <summary>What each rule is told that the reply would have started.</summary>
    public static IReadOnlyList<Verdict> Verdicts(Event reply, RuleSet rules, Run run) =>
        [.. rules.Candidates(reply).Select(rule => new Verdict(rule.Name, Gates.Heard, Note(run)))];

    /// <summary>A sentence about a delivery that was heard.</summary>
    public static string Note(Run run) => $"run {run.Id} of rule '{run.RuleName}' had waited for it";

    /// <summary>The step's answer: the reply's note and user.</summary>
    internal static string Write(Event reply) => JsonWriting.WriteObject(default, json =>
    {
        Write(json, "note", reply.Note);
        Write(json, "user", reply.User);
    });

    /// <summary>What <c>as</c> holds. The note brings its own mark; one that does not say who may read it is private.</summary>
    internal static Value Read(string answer)
    {
        var json = JsonElement.Parse(answer);
        var note = json.FindObject("note");
        var marks = note?.GetText("visibility") == "public" ? ValueMarks.None : ValueMarks.Private;
        return Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal)
        {
            ["note"] = note is { } heard ? Value.From(heard, marks) : Value.Null,
            ["user"] = json.FindObject("user") is { } user ? Value.From(user) : Value.Null,
        }));
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } element)
        {
            json.WritePropertyName(name);
            element.WriteTo(json);
        }
    }

    // A branch that was not taken, and a round that is over, hear nothing any more.
    private static bool IsAhead(IReadOnlyList<StepNode> nodes, Run run, RoundPath around) => nodes.Any(node =>
    {
        var step = run.Steps.GetValueOrDefault(around.PathOf(node));
        var isOver = step is not null && StepCursor.IsOver(node, step, run);
        return node switch
        {
            StepNode.WaitFor wait => !isOver || (step!.Answer is null && IsAhead(wait.Else, run, around)),
            StepNode.If fork when isOver => step!.State == StepState.Done && IsAhead(step.Answer == "\"then\"" ? fork.Then : fork.Else, run, around),
            StepNode.If fork => IsAhead(fork.Then, run, around) || IsAhead(fork.Else, run, around),
            StepNode.ForEach loop when isOver => Enumerable.Range(1, LoopList.CountOf(step!)).Any(round => IsAhead(loop.Do, run, around.Inside(loop, round))),
            StepNode.ForEach loop => IsAhead(loop.Do, run, around.Inside(loop, 1)),
            _ => false,
        };
    });
}
