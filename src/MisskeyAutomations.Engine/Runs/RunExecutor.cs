using MisskeyAutomations.Engine.Events;
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
    /// <summary>Works on a run that is leased to this node.</summary>
    /// <exception cref="LeaseLostException">Another node has taken it over; nothing more was done here.</exception>
    public async Task ExecuteAsync(Run run, CancellationToken cancellationToken)
    {
        var moved = await MoveAsync(run, cancellationToken);
        if (moved.State == RunState.Waiting && moved.DueAt is { } dueAt)
        {
            await alarm.ArmAsync(moved.Id, dueAt, cancellationToken);
        }
    }

    private async Task<Run> MoveAsync(Run run, CancellationToken cancellationToken)
    {
        if (run.WaitsFor != WaitReason.None && versions.IsWithdrawn(run.RuleName))
        {
            return await SaveAsync(run.End(RunState.Cancelled, "the rule was switched off or deleted while it waited"), null, cancellationToken);
        }

        if (await versions.FindAsync(run.RuleName, run.RuleHash, cancellationToken) is not { } version)
        {
            return await SaveAsync(run.End(RunState.Failed, "the text of the rule's version is lost"), null, cancellationToken);
        }

        var work = await BeginAsync(run, version, cancellationToken);
        try
        {
            var moved = await PassGatesAsync(work, cancellationToken);
            while (moved.State == RunState.Running)
            {
                work.Run = moved;
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
        var stored = await store.LoadEventAsync(run.DeliveryId, cancellationToken);
        var happening = EventReader.Read(stored.Envelope, stored.Account, stored.ReceivedAt, stored.Source, stored.MeId);
        var scope = EventScope.Create(happening, version.Set, time.GetUtcNow(), run.Die);
        scope.Seed = run.Seed;
        if (run.Waited > TimeSpan.Zero)
        {
            EventScope.ReadAgain(scope, happening);
        }

        return new RunWork(run with { State = RunState.Running, IsDryRun = run.IsDryRun || versions.IsDryRun(run.RuleName) }, version, happening, scope);
    }

    private async Task<Run> PassGatesAsync(RunWork work, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (run.Phase == RunPhase.Steps)
        {
            return run;
        }

        var (answer, trouble) = await questions.AskAsync(work, scope => ConditionEvaluator.Ask(work.Rule.When, scope), a => a.Value, cancellationToken);
        if (trouble is not null)
        {
            return await SaveAsync(trouble, null, cancellationToken);
        }

        if (!answer.Value.IsTrue)
        {
            return await RefuseAsync(work, answer, cancellationToken);
        }

        return run.Phase == RunPhase.Gates
            ? await ReserveAsync(work, cancellationToken)
            : run with { Phase = RunPhase.Steps, WaitsFor = WaitReason.None, Attempts = 0, Reason = null };
    }

    // `else` belongs to the first check alone; an expression that failed takes neither branch.
    private async Task<Run> RefuseAsync(RunWork work, ConditionAnswer answer, CancellationToken cancellationToken)
    {
        var run = work.Run;
        var because = answer.Because(work.Scope);
        if (run.Phase == RunPhase.Gates && work.Rule.Else.Count > 0 && answer.Value.Kind != ValueKind.Error)
        {
            return await SaveAsync(run with { Branch = "else", Phase = RunPhase.Steps, WaitsFor = WaitReason.None, Attempts = 0, Reason = null }, null, cancellationToken);
        }

        var gate = run.Phase == RunPhase.Gates ? Gates.When : Gates.NoLongerHolds;
        return await SaveAsync(run.End(RunState.Skipped, because, gate), null, cancellationToken);
    }

    private async Task<Run> ReserveAsync(RunWork work, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (claims, trouble) = await questions.AskAsync(
            work, scope => LimitClaims.Of(work.Rule, work.Event, scope, now), a => a.Trouble ?? Value.Null, cancellationToken);
        if (trouble is not null)
        {
            return await SaveAsync(trouble, null, cancellationToken);
        }

        if (claims.Trouble is { } error)
        {
            return await SaveAsync(work.Run.End(RunState.Skipped, error.Reason, Gates.Limit), null, cancellationToken);
        }

        if (claims.Claims.Count > 0 && await store.ReserveAsync(work.Run, claims.Claims, cancellationToken) is { } refused)
        {
            return await SaveAsync(work.Run.End(RunState.Skipped, refused.Text, Gates.Limit), null, cancellationToken);
        }

        var granted = RunPlanner.Granted(work.Run with { WaitsFor = WaitReason.None, Attempts = 0, Reason = null }, work.Rule, now);
        return await SaveAsync(granted.State == RunState.Ready ? granted with { State = RunState.Running } : granted, null, cancellationToken);
    }

    private async Task<Run> TakeStepAsync(RunWork work, CancellationToken cancellationToken) => StepCursor.Next(work.Rule, work.Run) switch
    {
        null => await SaveAsync(work.Run.End(RunState.Succeeded), null, cancellationToken),
        StepNode.Stop stop => await SaveAsync(work.Run.End(RunState.Succeeded, "stopped"), Record(stop, "stop", StepState.Done), cancellationToken),
        StepNode.If fork => await ForkAsync(work, fork, cancellationToken),
        StepNode.Wait pause => await PauseAsync(work, pause, cancellationToken),
        StepNode.Call call => await CallAsync(work, call, cancellationToken),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Run> ForkAsync(RunWork work, StepNode.If fork, CancellationToken cancellationToken)
    {
        var (answer, trouble) = await questions.AskAsync(work, scope => ConditionEvaluator.Ask(fork.Condition, scope), a => a.Value, cancellationToken);
        if (trouble is not null)
        {
            return await SaveAsync(trouble, null, cancellationToken);
        }

        var step = Record(fork, "if", StepState.Done) with { Reason = answer.Because(work.Scope) };
        if (answer.Value.Kind == ValueKind.Error)
        {
            return await SaveAsync(work.Run.End(RunState.Failed, step.Reason), step with { State = StepState.Failed }, cancellationToken);
        }

        step = step with { Answer = answer.Value.IsTrue ? "\"then\"" : "\"else\"" };
        return await SaveAsync(work.Run.Proceed(step).Run, step, cancellationToken);
    }

    private async Task<Run> PauseAsync(RunWork work, StepNode.Wait pause, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (run.Steps.ContainsKey(pause.Path))
        {
            var over = Record(pause, "wait", StepState.Done);
            EventScope.ReadAgain(work.Scope, work.Event);
            return run.Proceed(over).Run;
        }

        var (length, trouble) = await questions.AskAsync(work, scope => pause.LengthIn(scope), a => a, cancellationToken);
        if (trouble is not null)
        {
            return await SaveAsync(trouble, null, cancellationToken);
        }

        var step = Record(pause, "wait", StepState.Pending);
        if (length.Kind != ValueKind.Number || length.Number < 0 || length.Number > Durations.Max.TotalSeconds)
        {
            var reason = length.Kind switch
            {
                ValueKind.Error => length.Reason,
                ValueKind.Number => $"a wait lasts 0 to {Durations.Max.TotalDays:0} days, not {length} seconds",
                _ => $"{length} is no duration",
            };
            return await SaveAsync(run.End(RunState.Failed, reason), step with { State = StepState.Failed, Reason = reason }, cancellationToken);
        }

        var wait = TimeSpan.FromSeconds(length.Number);
        var waiting = run.Wait(WaitReason.Step, time.GetUtcNow() + wait) with { Waited = run.Waited + wait };
        return await SaveAsync(waiting, step, cancellationToken);
    }

    private async Task<Run> CallAsync(RunWork work, StepNode.Call call, CancellationToken cancellationToken)
    {
        var before = work.Run.Steps.GetValueOrDefault(call.Path);
        var (run, step) = await sender.TakeAsync(work, call, before, cancellationToken);
        var next = run.State == RunState.Running && StepCursor.Next(work.Rule, run) is null ? run.End(RunState.Succeeded) : run;
        if (step?.State == StepState.Done && call.As is { } name && step.Answer is { } answer)
        {
            work.Recall(name, call, answer);
        }

        // What became of a request is recorded even while the program is being ended.
        return await SaveAsync(next, step, CancellationToken.None);
    }

    private Step Record(StepNode node, string kind, StepState state) => new() { Path = node.Path, Kind = kind, State = state, At = time.GetUtcNow() };

    private async Task<Run> SaveAsync(Run run, Step? step, CancellationToken cancellationToken)
    {
        var whole = step is null ? run : run.With(step);
        await store.SaveAsync(whole, step is null ? [] : [step], cancellationToken);
        feed.Tell(whole, step);
        return whole;
    }
}
