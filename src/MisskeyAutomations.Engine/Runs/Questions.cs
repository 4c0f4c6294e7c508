using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Asks for what an evaluation needs, and evaluates again, until it knows.</summary>
/// <param name="lookups">Whom it asks.</param>
/// <param name="time">The clock.</param>
/// <param name="blackBox">Remembers what is being evaluated; null where no process can die of it.</param>
/// <param name="journal">Keeps what was asked; null where nobody looks at it later.</param>
public sealed class Questions(ILookups lookups, TimeProvider time, IBlackBox? blackBox = null, ILookupJournal? journal = null)
{
    // A rule cannot need more: it has at most 512 tokens. The cap only guards against an answer that never satisfies.
    private const int MostQuestions = 600;

    /// <summary>
    /// The answer, or the run as it must be saved because there is none: it waits for a look-up that failed for now, or ends because
    /// its note is gone.
    /// </summary>
    /// <param name="work">The run at work.</param>
    /// <param name="evaluate">Evaluates once with what is known.</param>
    /// <param name="valueOf">The value in an answer that tells whether a look-up is needed.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<(T Answer, Run? Trouble)> AskAsync<T>(
        RunWork work, Func<Scope, T> evaluate, Func<T, Value> valueOf, CancellationToken cancellationToken)
    {
        for (var asked = 0; asked < MostQuestions; asked++)
        {
            var answer = Evaluate(work, evaluate);
            var value = valueOf(answer);
            if (value.Kind != ValueKind.Needs)
            {
                return (answer, null);
            }

            if (await AnswerAsync(work, value.Lookup, cancellationToken) is { } trouble)
            {
                return (answer, trouble);
            }
        }

        return (default!, work.Run.End(RunState.Failed, "its look-ups did not come to an end"));
    }

    /// <summary>Marks the run as being evaluated until the mark, if there is one, is disposed of.</summary>
    internal IDisposable? Mark(Run run) => blackBox?.Enter(Evaluated.Run(run.Id));

    /// <summary>Whether the engine died at this run too often.</summary>
    internal bool IsPoison(Run run) => blackBox?.IsPoison(Evaluated.Run(run.Id)) == true;

    private T Evaluate<T>(RunWork work, Func<Scope, T> evaluate)
    {
        using var mark = Mark(work.Run);
        return evaluate(work.Scope);
    }

    private async Task<Run?> AnswerAsync(RunWork work, Lookup lookup, CancellationToken cancellationToken)
    {
        if (lookup.Kind == LookupKind.State)
        {
            await work.State.AnswerAsync(work, lookup, cancellationToken);
            return null;
        }

        var answer = await lookups.AskAsync(work.Run.Account, lookup, cancellationToken);
        journal?.Tell(work.Run.Id, lookup, answer);
        switch (answer)
        {
            case LookupAnswer.Found found when lookup == OwnNote(work) && found.Json.IsTrue("isHidden"):
                return work.Run.End(RunState.Skipped, "the account cannot see the note any more", Gates.Gone);
            case LookupAnswer.Found found:
                var marks = lookup.Kind == LookupKind.NoteShow && found.Json.GetText("visibility") != "public" ? ValueMarks.Private : ValueMarks.None;
                work.Scope.Answer(lookup, Value.From(found.Json, marks));
                return null;
            case LookupAnswer.Refused when lookup == OwnNote(work):
                return work.Run.End(RunState.Skipped, RunReasons.NoteGone, Gates.Gone);
            case LookupAnswer.Refused when lookup.Kind == LookupKind.UserExistence || (lookup.Kind == LookupKind.UserShow && work.Scope.IsReadAgain(lookup)):
                return work.Run.End(RunState.Skipped, RunReasons.UserGone, Gates.Gone);
            case LookupAnswer.Refused:
                work.Scope.Answer(lookup, Value.Null);
                return null;
            case LookupAnswer.Failed failed:
                return work.Run.RetryLater(work.Rule, failed.Reason, failed.RetryAfter, time.GetUtcNow());
            case LookupAnswer.Paused paused:
                return work.Run.Wait(WaitReason.Hold, null, $"account '{work.Run.Account}' is paused: {paused.Reason}");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Lookup? OwnNote(RunWork work) => work.Event.Note?.GetText("id") is { } id ? new(LookupKind.NoteShow, id) : null;
}
