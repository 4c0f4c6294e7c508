using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Looks what became of a step of unknown effect: first at what webhooks told of the account's own notes, then at Misskey. It only reads.
/// </summary>
public sealed class Reconciler(IRunStore store, LookTimes times, TimeProvider time)
{
    private readonly Doubts _doubts = new(time);
    private readonly LeaseKeeper _leases = new(store, time);

    /// <summary>When a step whose outcome is missed now is looked for first; null when that is not possible.</summary>
    public DateTimeOffset? FirstLook(IAction action, Intent intent) => action.CanLookFor(intent) ? time.GetUtcNow() + times.First : null;

    /// <summary>A step's outcome was missed just now: from here its time to settle counts.</summary>
    internal void Begin(Step step) => _doubts.Begin(step);

    /// <summary>Looks once for the effect of an uncertain step.</summary>
    /// <param name="work">The run at work.</param>
    /// <param name="call">The step as the rule has it.</param>
    /// <param name="action">What sends it.</param>
    /// <param name="step">Its record.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The run and the step as they are to be saved; no step when it is as uncertain as before.</returns>
    public async Task<(Run Run, Step? Step)> LookAsync(
        RunWork work, StepNode.Call call, IAction action, Step step, CancellationToken cancellationToken)
    {
        KillPoint.Reach(KillPoint.BeforeLook);
        var look = new Glance(time.GetUtcNow(), time.GetTimestamp());
        switch (await FindAsync(work, action, step, look, cancellationToken))
        {
            case Finding.Found found:
                KillPoint.Reach(KillPoint.Found);
                var done = step with
                {
                    State = StepState.Done,
                    Answer = AnswerOf(action, found.Note),
                    Reason = Reconciliation.FoundThere,
                    At = time.GetUtcNow(),
                };
                if (!await store.SaveFoundAsync(work.Run, done, found.Id, cancellationToken))
                {
                    return (StillDoubtful(work.Run, step, null, time.GetUtcNow() + times.First), null);
                }

                _doubts.End(step);
                return work.Run.Proceed(done);
            case Finding.Absent:
                _doubts.End(step);
                return work.Run.Disprove(call, work.Rule, step, time.GetUtcNow());
            case Finding.Unclear unclear:
                return work.Run.Doubt(call, step, unclear.Reason);
            case Finding.Open open:
                return look.At - step.At > LookTimes.Patience
                    ? work.Run.Doubt(call, step, open.Reason ?? step.Reason ?? "") : (StillDoubtful(work.Run, step, open.Reason, open.Until), null);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // The step keeps why it is uncertain; why it could not be found this time is said of the run.
    private static Run StillDoubtful(Run run, Step step, string? trouble, DateTimeOffset lookAt)
    {
        var doubtful = run.Doubt(step, step.Reason ?? "", lookAt).Run;
        return trouble is null ? doubtful : doubtful with { Reason = $"sent, unconfirmed: {trouble}" };
    }

    private async Task<Finding> FindAsync(RunWork work, IAction action, Step step, Glance look, CancellationToken cancellationToken)
    {
        var doubtedAt = _doubts.Told(step, look).At;
        if (work.Event.MeId is not { } me)
        {
            return new Finding.Open(times.Next(doubtedAt, look.At), "the account's own user is not known yet");
        }

        var since = _doubts.FrozenAt(step, look) - LookTimes.ClockTolerance;
        var told = Own(await store.ListReceiptsAsync(work.Run, since, cancellationToken), me);
        if (told.Count > 0 && await JudgeAsync(work.Run, step, told, look, cancellationToken) is Finding.Found receipt)
        {
            return receipt;
        }

        var search = new Search
        {
            Intent = step.Intent!,
            Account = work.Run.Account,
            MeId = me,
            Since = since,
            MustProve = look.At >= doubtedAt + times.Settle,
        };
        return await _leases.KeepAsync(work.Run, look.Stamp, token => action.LookAsync(search, token), cancellationToken) switch
        {
            Sighting.Listed listed => await JudgeAsync(work.Run, step, Own([.. listed.Notes, .. told], me), look, cancellationToken),
            Sighting.Blind blind => new Finding.Unclear(blind.Reason),
            Sighting.Failed failed => new Finding.Open(Later(times.Next(doubtedAt, look.At), look.At + failed.RetryAfter), failed.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Finding> JudgeAsync(Run run, Step step, IReadOnlyList<JsonElement> notes, Glance look, CancellationToken cancellationToken)
    {
        // In this order: what ceases to be on its way between the two is found to own its note by the second.
        var onTheirWay = await store.ListOnTheirWayAsync(run, step, cancellationToken);
        var makers = await store.FindMakersAsync(run, step, [.. notes.Select(Reconciliation.IdOf)], cancellationToken);
        var kin = new Kin(
            makers.ToDictionary(maker => maker.Key, maker => _doubts.Told(maker.Key, maker.Value, look), StringComparer.Ordinal),
            [.. onTheirWay.Select(other => _doubts.Told(other, look))]);
        return Reconciliation.Judge(_doubts.Told(step, look), notes, kin, look.At, times);
    }

    // What names its endpoint itself keeps the answer as it would have come.
    private static string AnswerOf(IAction action, JsonElement note) =>
        action.Descriptor.Endpoint is null ? $$"""{"createdNote":{{note.GetRawText()}}}""" : note.GetRawText();

    private static List<JsonElement> Own(IReadOnlyList<JsonElement> notes, string me) =>
        [.. notes.Where(note => note.GetText("id") is not null && note.GetText("userId") == me).DistinctBy(Reconciliation.IdOf, StringComparer.Ordinal)];

    private static DateTimeOffset Later(DateTimeOffset next, DateTimeOffset? atLeast) => atLeast > next ? atLeast.Value : next;
}
