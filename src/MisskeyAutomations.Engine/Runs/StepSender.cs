using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The one path to the outside: late, panic and pause, budget, visibility (in the action's preparation), intent on disk, send.
/// </summary>
public sealed class StepSender(
    IRunStore store, Questions questions, RuleVersions versions, IReadOnlyDictionary<string, IAction> actions,
    Func<string, ActionDefaults> defaultsOf, Holds holds, Reconciler reconciler, LiveFeed feed, TimeProvider time)
{
    // Why a value does not fit is told with the value, and reasons are told in the log.
    private static readonly Preparation.Invalid Unfit =
        new("A value of this step is not what it takes. It is not shown here: it comes from a note that is not public.");

    private const string DryRun = "dry run: shown, not sent";
    private static readonly TimeSpan HoldLook = TimeSpan.FromMinutes(1);

    private readonly LeaseKeeper _leases = new(store, time);
    private readonly CallBudget _budget = new(versions, feed);

    /// <summary>Takes a step as far as it goes now.</summary>
    /// <param name="work">The run at work.</param>
    /// <param name="call">The step as the rule has it.</param>
    /// <param name="before">Its record from an earlier attempt; null for none.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>The run and the step as they are to be saved; no step when nothing of it is to be recorded yet.</returns>
    public async Task<(Run Run, Step? Step)> TakeAsync(RunWork work, StepNode.Call call, Step? before, CancellationToken cancellationToken)
    {
        var action = actions[call.Action.Name];
        if (before is null)
        {
            return await PrepareAsync(work, call, action, cancellationToken);
        }

        // Intended and without an outcome: this node or another died with it, and nobody knows whether it was sent.
        if (before.State == StepState.Intended && before.Intent!.Repeat == Repeat.Never)
        {
            return work.Run.Doubt(
                call, before with { At = time.GetUtcNow() }, "the program ended while it was on its way", reconciler.FirstLook(action, before.Intent));
        }

        if (before.State == StepState.Uncertain)
        {
            return action.CanLookFor(before.Intent!) ? await reconciler.LookAsync(work, call, action, before, cancellationToken)
                : work.Run.Doubt(call, before, before.Reason ?? "nobody knows whether it arrived");
        }

        var now = time.GetUtcNow();
        if (work.Run.IsDryRun)
        {
            return work.Run.Proceed(before with { State = StepState.Done, At = now, Reason = DryRun });
        }

        if (before.State == StepState.Pending && IsLate(work, now))
        {
            return EndLate(work, before with { At = now }, now);
        }

        if (Held(work.Run, before.Intent!) is { } held)
        {
            return (held, before);
        }

        // What was on its way when a program ended may have arrived: that counts as an effect, whatever the repetition meets.
        var mayHaveArrived = before.State == StepState.Intended && before.Intent!.Endpoint.Length > 0;
        var step = before with { State = StepState.Intended, At = now, HadEffect = before.HadEffect || mayHaveArrived };
        var renewedAt = time.GetTimestamp();
        if ((await store.SaveIntentAsync(work.Run.With(step), step, [], cancellationToken)).Stopped is { } reason)
        {
            return (work.Run.End(RunState.Cancelled, reason), before with { HadEffect = step.HadEffect });
        }

        work.Run = work.Run.With(step);
        return await SendAsync(work, call, action, step, renewedAt, cancellationToken);
    }

    private async Task<(Run Run, Step? Step)> PrepareAsync(RunWork work, StepNode.Call call, IAction action, CancellationToken cancellationToken)
    {
        var run = work.Run;
        var now = time.GetUtcNow();
        if (IsLate(work, now))
        {
            return (EndLate(work, now), null);
        }

        KillPoint.Reach(KillPoint.BeforeIntent);
        var (preparation, trouble) = await questions.AskAsync(work, scope => Prepare(work, call, action, scope), NeedOf, cancellationToken);
        if (trouble is not null)
        {
            return (trouble, null);
        }

        var step = new Step { Path = call.Path, Kind = call.Action.Name, State = StepState.Pending, At = now };
        return preparation switch
        {
            Preparation.Skip skip => run.Proceed(step with { State = StepState.Skipped, Reason = skip.Reason }),
            Preparation.Invalid invalid => run.Refuse(call, step with { State = StepState.Failed, Reason = invalid.Reason }, FailureCodes.Invalid),
            Preparation.Ready ready when run.IsDryRun => run.Proceed(step with
            {
                State = StepState.Done,
                Intent = ready.Intent,
                Reason = DryRun,
            }),
            Preparation.Ready ready => await FreezeAsync(work, call, action, step with { State = StepState.Intended, Intent = ready.Intent with { FrozenAt = now } }, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static bool IsLate(RunWork work, DateTimeOffset now) =>
        Lateness.Counts(work.Run) && Lateness.IsLate(work.Rule, work.Run.EventAt, work.Run.Waited, now);

    private static Run EndLate(RunWork work, DateTimeOffset now) =>
        work.Run.End(RunState.Skipped, Lateness.Because(work.Rule, work.Run.EventAt, work.Run.Waited, now), Gates.Late);

    // What was tried and never arrived has failed; what was kept waiting is skipped, as if it had been late from the first.
    private static (Run Run, Step Step) EndLate(RunWork work, Step step, DateTimeOffset now)
    {
        var run = work.Run;
        var reason = $"gave up after {run.Attempts} attempts: {run.Reason}";
        return run.Attempts > 0
            ? (run.End(RunState.Failed, reason), step with { State = StepState.Failed, Reason = reason })
            : (EndLate(work, now), step with { State = StepState.Skipped, Reason = "too late" });
    }

    private Preparation Prepare(RunWork work, StepNode.Call call, IAction action, Scope scope)
    {
        KillPoint.Reach(KillPoint.Rendering, () => work.Event.Body.GetRawText());
        var arguments = new Dictionary<string, Value>(call.Arguments.Count, StringComparer.Ordinal);
        foreach (var (name, argument) in call.Arguments)
        {
            var value = argument.Evaluate(scope);
            switch (value.Kind)
            {
                case ValueKind.Needs:
                    return new Preparation.Needs(value.Lookup);
                case ValueKind.Error:
                    return new Preparation.Invalid(value.Reason);
                default:
                    arguments[name] = value;
                    break;
            }
        }

        var preparation = action.Prepare(new ActionInput
        {
            Event = work.Event,
            Arguments = arguments,
            Defaults = defaultsOf(work.Run.Account) with { Visibility = work.Version.Set.Defaults.Visibility },
            Scope = scope,
            AllowPrivate = call.AllowPrivate,
            RepeatKey = RepeatKeys.Of(work.Run, call.Path),
            Heard = [.. work.Heard],
            KnowsPrivateState = work.State.HasPrivate,
        });
        if (preparation is Preparation.Invalid && arguments.Values.Any(value => value.HoldsPrivate))
        {
            return Unfit;
        }

        return preparation is Preparation.Ready ready ? new Preparation.Ready(ready.Intent with { Repeat = RepeatOf(call.Assurance, ready.Intent) }) : preparation;
    }

    private static Repeat RepeatOf(Assurance assurance, Intent intent) => assurance switch
    {
        Assurance.AtMostOnce => Repeat.Never,
        Assurance.AtLeastOnce => Repeat.Natural,
        _ => intent.Repeat,
    };

    private static Value NeedOf(Preparation preparation) =>
        preparation is Preparation.Needs needs ? Value.Needs(needs.Lookup) : Value.Null;

    private async Task<(Run Run, Step? Step)> FreezeAsync(
        RunWork work, StepNode.Call call, IAction action, Step step, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (Held(run, step.Intent!) is { } held)
        {
            return (held, null);
        }

        var renewedAt = time.GetTimestamp();
        var answer = await store.SaveIntentAsync(run.With(step), step, _budget.ClaimsOf(work, step.Intent!), cancellationToken);
        if (answer.Stopped is { } reason)
        {
            return (run.End(RunState.Cancelled, reason), null);
        }

        if (answer.EmptyBucket is { } empty)
        {
            return empty.SkipWhenEmpty
                ? run.Proceed(step with { State = StepState.Skipped, Intent = null, Reason = _budget.TellCapped(work, empty, answer) })
                : (run.Wait(WaitReason.Budget, answer.FreeAt, $"the budget of {empty.Max} {empty.Bucket} per {Durations.Format(empty.Within)} is used up"), null);
        }

        work.Run = run.With(step);
        return await SendAsync(work, call, action, step, renewedAt, cancellationToken);
    }

    private async Task<(Run Run, Step? Step)> SendAsync(
        RunWork work, StepNode.Call call, IAction action, Step step, long renewedAt, CancellationToken cancellationToken)
    {
        var intent = step.Intent!;
        KillPoint.Reach(KillPoint.AfterIntent);

        // A process that stood still so long may be taken for dead: another engine looks for what it sent, and sends it if it is not there.
        if (time.GetElapsedTime(renewedAt) > LeaseKeeper.LongestPause)
        {
            throw new LeaseLostException(work.Run.Id);
        }

        var outcome = await _leases.KeepAsync(work.Run, renewedAt, token => action.SendAsync(intent, work.Run.Account, token), cancellationToken);
        KillPoint.Reach(KillPoint.AfterAnswer);
        switch (outcome)
        {
            case ActionOutcome.RateLimited limited:
                holds.CoolDown(work.Run.Account, intent.Endpoint, limited.RetryAfter);
                break;
            case ActionOutcome.AccountRefused refused:
                if (holds.Pause(work.Run.Account, refused.Reason))
                {
                    feed.TellPaused(work.Run.Account, refused.Reason);
                }

                break;
        }

        if (outcome is ActionOutcome.Rejected refusal && !call.ContinueOnError && work.Run.Branch != OnError.Branch
            && Gone.Because(work.Event, intent, refusal) is { } gone)
        {
            return (work.Run.End(RunState.Skipped, gone, Gates.Gone), step with { State = StepState.Skipped, Reason = gone, At = time.GetUtcNow() });
        }

        var applied = work.Run.Apply(call, work.Rule, intent.Repeat, outcome, time.GetUtcNow(), reconciler.FirstLook(action, intent));
        if (applied.Step.State == StepState.Uncertain)
        {
            reconciler.Begin(applied.Step);
        }

        return applied.Step.State == StepState.Done && await IsAnothersAsync(work.Run, applied.Step)
            ? work.Run.Proceed(applied.Step with { Reason = Reconciliation.SameNote }) : applied;
    }

    // A server that keeps posts from being doubled cannot tell a repetition from two equal posts that were meant.
    private async Task<bool> IsAnothersAsync(Run run, Step step) =>
        step is { Intent.Endpoint: NoteLikeness.Endpoint, Answer: { } answer } && NoteLikeness.IdIn(answer) is { } id
        && (await store.FindMakersAsync(run, step, [id], CancellationToken.None)).Count > 0;

    private Run? Held(Run run, Intent intent) => intent.Endpoint.Length > 0 && holds.Find(run.Account, intent.Endpoint) is { } hold
        ? run.Wait(hold.Until is null ? WaitReason.Hold : WaitReason.Budget, hold.Until ?? time.GetUtcNow() + HoldLook, hold.Reason) : null;
}
