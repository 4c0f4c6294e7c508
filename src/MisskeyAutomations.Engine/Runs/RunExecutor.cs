using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Moves one leased run as far as it goes: finishes its gates, takes its steps one after the other, and leaves it ended or waiting.
/// Every request is frozen on disk before it is sent, every outcome before the next step begins.
/// </summary>
public sealed class RunExecutor(
    IRunStore store, IAlarm alarm, RuleVersions versions, Questions questions, StepSender sender, LiveFeed feed, TimeProvider time)
{
    // Loops inside loops could go on for days; no conversation or digest needs so many.
    private const int MostSteps = 2_000;
    private const int MostStepsOnError = 3_000;

    private readonly FlowSteps _flow = new(store, questions, time);
    private readonly RunRecord _record = new(store, alarm, feed, time);

    /// <summary>Works on a run that is leased to this node.</summary>
    /// <exception cref="LeaseLostException">Another node has taken it over; nothing more was done here.</exception>
    public Task<Run> ExecuteAsync(Run run, CancellationToken cancellationToken) => ExecuteAsync(run, cancellationToken, cancellationToken);

    /// <summary>Works on a run that is leased to this node.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stopping">Lets no further step begin; the one at work is finished and written down.</param>
    /// <param name="cancellationToken">Ends the step at work too.</param>
    /// <exception cref="LeaseLostException">Another node has taken it over; nothing more was done here.</exception>
    /// <returns>The run as it stands then.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; the run's row says where it goes on.</exception>
    public async Task<Run> ExecuteAsync(Run run, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var moved = await MoveAsync(run, stopping, cancellationToken);
        if (moved.State == RunState.Waiting && moved.DueAt is { } dueAt)
        {
            await alarm.ArmAsync(moved.Id, dueAt, cancellationToken);
        }

        return moved;
    }

    private async Task<Run> MoveAsync(Run run, CancellationToken stopping, CancellationToken cancellationToken)
    {
        if (run.WaitsFor != WaitReason.None && versions.IsWithdrawn(run.RuleName))
        {
            return await _record.SaveAsync(run.End(RunState.Cancelled, RunReasons.RuleGone), null, cancellationToken);
        }

        if (questions.IsPoison(run))
        {
            return await _record.SaveAsync(run.End(RunState.Failed, "the engine ended again and again while it was at this run: it is set aside"), null, cancellationToken);
        }

        if (await versions.FindAsync(run.RuleName, run.RuleHash, cancellationToken) is not { } version)
        {
            return await _record.SaveAsync(run.End(RunState.Failed, "the text of the rule's version is lost"), null, cancellationToken);
        }

        var work = await BeginAsync(run, version, cancellationToken);
        try
        {
            var moved = await PassGatesAsync(work, cancellationToken);
            if (moved.State == RunState.Running)
            {
                work.Run = moved;
                moved = await FreezeLetsAsync(work, cancellationToken);
            }

            while (moved.State == RunState.Running)
            {
                work.Run = moved;
                stopping.ThrowIfCancellationRequested();
                moved = await TakeStepAsync(work, cancellationToken);
            }

            return moved;
        }
        catch (Exception fault) when (fault is not (LeaseLostException or OperationCanceledException))
        {
            // The run as it stood when it was claimed knows nothing of the steps taken since.
            throw new RunFaultException(work.Run, fault);
        }
    }

    private async Task<RunWork> BeginAsync(Run run, RuleVersion version, CancellationToken cancellationToken)
    {
        using var mark = questions.Mark(run);
        var happening = (await store.LoadEventAsync(run.DeliveryId, cancellationToken)).Read();
        var scope = EventScope.Create(happening, version.Set, time.GetUtcNow(), run.Die);
        scope.Seed = run.Seed;
        scope.RuleZone = version.Rule.TimeZone;
        FrozenLets.Recall(run, version.Rule, scope);
        if (run.HasWaited)
        {
            EventScope.ReadAgain(scope, happening);
        }

        return new RunWork(run with { State = RunState.Running, IsDryRun = run.IsDryRun || versions.IsDryRun(run.RuleName) }, version, happening, scope, new StateView(store));
    }

    private async Task<Run> PassGatesAsync(RunWork work, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (run.Phase == RunPhase.Steps)
        {
            return run;
        }

        if (run.Phase == RunPhase.Admission)
        {
            work.Run = run.AfterWaitAtGate(time.GetUtcNow());
            return await AdmitAsync(work, cancellationToken);
        }

        var (answer, trouble) = await questions.AskAsync(work, scope => ConditionEvaluator.Ask(work.Rule.When, scope), a => a.Value, cancellationToken);
        if (trouble is not null)
        {
            return await _record.SaveAsync(trouble, null, cancellationToken);
        }

        if (!answer.Value.IsTrue)
        {
            return await RefuseAsync(work, answer, cancellationToken);
        }

        return run.Phase == RunPhase.Gates
            ? await AdmitAsync(work, cancellationToken)
            : run with { Phase = RunPhase.Steps, WaitsFor = WaitReason.None, Attempts = 0, Reason = null };
    }

    private async Task<Run> FreezeLetsAsync(RunWork work, CancellationToken cancellationToken)
    {
        if (!FrozenLets.AreMissing(work))
        {
            return work.Run;
        }

        var (values, trouble) = await questions.AskAsync(work, scope => FrozenLets.Evaluate(work, scope), a => a, cancellationToken);
        if (trouble is not null)
        {
            return await _record.SaveAsync(trouble, null, cancellationToken);
        }

        FrozenLets.Recall(values, work.Scope);
        var kept = new Step { Path = FrozenLets.Kind, Kind = FrozenLets.Kind, State = StepState.Done, Answer = StoredValue.Write(values), At = time.GetUtcNow() };
        return await _record.SaveAsync(work.Run, kept, cancellationToken);
    }

    // `else` belongs to the first check alone; an expression that failed takes neither branch.
    private async Task<Run> RefuseAsync(RunWork work, ConditionAnswer answer, CancellationToken cancellationToken)
    {
        var run = work.Run;
        var because = answer.Because(work.Scope);
        var isFirst = run.Phase == RunPhase.Gates;
        var takesElse = isFirst && work.Rule.Else.Count > 0 && answer.Value.Kind != ValueKind.Error;
        var refused = takesElse
            ? run with { Branch = "else", Phase = RunPhase.Steps, WaitsFor = WaitReason.None, Attempts = 0, Reason = null }
            : run.End(RunState.Skipped, because, isFirst ? Gates.When : Gates.NoLongerHolds);
        if (!isFirst || (run.GroupRest.Count == 0 && !takesElse))
        {
            return await _record.SaveAsync(refused, null, cancellationToken);
        }

        using var mark = questions.Mark(run);
        var facts = new PlanningFacts { Now = time.GetUtcNow(), DeliveryId = run.DeliveryId, Die = run.Die, AgeFrom = run.EventAt };
        var rest = RunPlanner.PlanRest(work.Event, versions.Current, facts, run.GroupRest, work.Scope.Answers);
        var own = new Verdict(run.RuleName, Gates.When, because) { TookElse = true };
        return await PassOnAsync(refused with { GroupRest = [] }, takesElse ? rest with { Verdicts = [own, .. rest.Verdicts] } : rest, cancellationToken);
    }

    private async Task<Run> PassOnAsync(Run run, Plan plan, CancellationToken cancellationToken) =>
        await _record.TellAsync(await store.PassOnAsync(run, plan, cancellationToken), null, cancellationToken);

    private async Task<Run> AdmitAsync(RunWork work, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (claims, trouble) = await questions.AskAsync(
            work, scope => LimitClaims.Of(work.Rule, work.Event, scope, now), a => a.Trouble ?? Value.Null, cancellationToken);
        if (trouble is not null)
        {
            return await _record.SaveAsync(trouble, null, cancellationToken);
        }

        if (claims.Trouble is { } error)
        {
            return await _record.SaveAsync(work.Run.End(RunState.Skipped, error.Reason, Gates.Limit), null, cancellationToken);
        }

        var overlap = LimitClaims.OverlapOf(work.Rule, work.Event);
        var asking = work.Run with { GroupRest = [] };
        var admitted = overlap is null && claims.Claims.Count == 0
            ? new(new Admission.Granted(), asking, []) : await store.AdmitAsync(asking, overlap, claims.Claims, cancellationToken);
        await _record.RingAsync(admitted.Rings, cancellationToken);
        switch (admitted.Admission)
        {
            case Admission.Granted:
                return await BeginStepsAsync(work, admitted.Run, now, cancellationToken);
            case Admission.Over over:
                var verdict = new Verdict(work.Rule.Name, Gates.Limit, over.Reason) { TookElse = true };
                return await PassOnAsync(admitted.Run.TakeOver(over.Branch) with { State = RunState.Running }, new([verdict], []), cancellationToken);
            case Admission.Refused refused:
                return await _record.SaveAsync(admitted.Run.End(RunState.Skipped, refused.Reason, refused.Gate), null, cancellationToken);
            case Admission.Stopped stopped:
                return await _record.SaveAsync(admitted.Run.End(RunState.Cancelled, stopped.Reason), null, cancellationToken);
            default:
                feed.Tell(admitted.Run, null);
                return admitted.Run;
        }
    }

    private async Task<Run> BeginStepsAsync(RunWork work, Run admitted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var granted = RunPlanner.Granted(admitted with { WaitsFor = WaitReason.None, Attempts = 0, Reason = null }, work.Rule, now);
        var saved = await _record.SaveAsync(granted.State == RunState.Ready ? granted with { State = RunState.Running } : granted, null, cancellationToken);
        if (saved is not { State: RunState.Running, Phase: RunPhase.Recheck })
        {
            return saved;
        }

        // It has waited for its turn or its place: what held then need not hold now.
        work.Run = saved;
        work.LookAgain();
        return await PassGatesAsync(work, cancellationToken);
    }

    private async Task<Run> TakeStepAsync(RunWork work, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (StepCursor.Next(work.Rule, run) is not { } place)
        {
            return await _record.SaveAsync(OnError.Finish(run), null, cancellationToken);
        }

        work.Enter(place);
        if (run.Steps.Count >= (run.Branch == OnError.Branch ? MostStepsOnError : MostSteps))
        {
            var tooMany = run.End(RunState.Failed, $"it took {run.Steps.Count} steps, and a run may take no more") with { FailureCode = FailureCodes.TooManySteps };
            return await _record.SaveAsync(work, new(tooMany), cancellationToken);
        }

        return place.Node switch
        {
            StepNode.Stop stop => await StopAsync(run, stop, cancellationToken),
            StepNode.Call call => await CallAsync(work, call, cancellationToken),
            _ => await _record.SaveAsync(work, await _flow.TakeAsync(work, place.Node, cancellationToken), cancellationToken),
        };
    }

    private async Task<Run> StopAsync(Run run, StepNode.Stop stop, CancellationToken cancellationToken)
    {
        var step = new Step { Path = stop.Path, Kind = "stop", State = StepState.Done, At = time.GetUtcNow() };
        return await _record.SaveAsync(OnError.Finish(run, "stopped"), step, cancellationToken);
    }

    private async Task<Run> CallAsync(RunWork work, StepNode.Call call, CancellationToken cancellationToken)
    {
        using var span = StepSpans.Begin(call);
        var before = work.Run.Steps.GetValueOrDefault(call.Path);
        var (run, step) = await sender.TakeAsync(work, call, before, cancellationToken);
        StepSpans.End(span, step);
        var isLast = run.State == RunState.Running && run.Branch != OnError.Branch && StepCursor.Next(work.Rule, run) is null;
        var next = isLast ? run.End(RunState.Succeeded) : run;
        var saved = await _record.SaveOutcomeAsync(work, new(next, step), cancellationToken);
        KillPoint.Reach(KillPoint.AfterOutcome);
        return saved;
    }
}
