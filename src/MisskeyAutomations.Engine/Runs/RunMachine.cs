using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>The transitions of a run: pure, so that every one of them can be tested without a store, a clock or a network.</summary>
public static class RunMachine
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPersistence = TimeSpan.FromHours(24);

    extension(Run run)
    {
        /// <summary>The run with a step put in or replaced.</summary>
        public Run With(Step step) => run with
        {
            Steps = new Dictionary<string, Step>(run.Steps, StringComparer.Ordinal) { [step.Path] = step },
        };

        /// <summary>The run at its end.</summary>
        public Run End(RunState state, string? reason = null, string? gate = null) => run with
        {
            State = state,
            WaitsFor = WaitReason.None,
            DueAt = null,
            Reason = reason,
            Gate = gate,
        };

        /// <summary>The run waiting.</summary>
        /// <param name="reason">What for.</param>
        /// <param name="dueAt">Until when; null until somebody moves it.</param>
        /// <param name="text">A sentence for people.</param>
        public Run Wait(WaitReason reason, DateTimeOffset? dueAt, string? text = null) => run with
        {
            State = RunState.Waiting,
            WaitsFor = reason,
            DueAt = dueAt,
            Reason = text,
        };

        /// <summary>The run waiting for its turn or for a place, and held back before its first step.</summary>
        /// <param name="reason"><see cref="WaitReason.Turn"/> or <see cref="WaitReason.Place"/>.</param>
        /// <param name="dueAt">When its place is free; null for its turn.</param>
        /// <param name="now">The time.</param>
        /// <param name="text">A sentence for people.</param>
        public Run WaitAtGate(WaitReason reason, DateTimeOffset? dueAt, DateTimeOffset now, string text) =>
            run.Wait(reason, dueAt, text) with { Phase = RunPhase.Admission, WaitsSince = run.WaitsSince ?? now };

        /// <summary>The run when its wait at a gate is over: that time does not count for <c>late</c>.</summary>
        public Run AfterWaitAtGate(DateTimeOffset now)
        {
            if (run.WaitsSince is not { } since)
            {
                return run;
            }

            var until = run.DueAt is { } due && due < now ? due : now;
            return run with { Waited = run.Waited + (until > since ? until - since : TimeSpan.Zero), WaitsSince = null };
        }

        /// <summary>The run that takes the steps of a full limit instead.</summary>
        public Run TakeOver(string branch) =>
            run with { State = RunState.Ready, Branch = branch, Phase = RunPhase.Steps, WaitsFor = WaitReason.None, WaitsSince = null, Attempts = 0, Reason = null };

        /// <summary>
        /// The run after a failure for now: it waits 1 s, 2 s, 4 s … at most 5 min, each shortened by up to a fifth by chance; it fails
        /// once its event is late, or after 24 h.
        /// </summary>
        public Run RetryLater(Rule rule, string reason, TimeSpan? atLeast, DateTimeOffset now)
        {
            // A failure is a beginning of its own: what it leads to is not late because the event is.
            var isTooLate = OnError.FailedAt(run) is { } failedAt ? now - failedAt > (rule.Late < LongestPersistence ? rule.Late : LongestPersistence)
                : Lateness.IsLate(rule, run.EventAt, run.Waited, now) || now - run.CreatedAt - run.Waited > LongestPersistence;
            if (isTooLate)
            {
                return run.End(RunState.Failed, $"gave up after {run.Attempts + 1} attempts: {reason}") with { FailureCode = FailureCodes.GaveUp };
            }

            var doubled = FirstRetry * Math.Pow(2, Math.Min(run.Attempts, 16));
            var delay = (doubled < LongestRetry ? doubled : LongestRetry) * (1 - (0.2 * Dice.Fraction(run.Seed, $"retry {run.Attempts}")));
            var wait = atLeast > delay ? atLeast.Value : delay;
            return run.Wait(WaitReason.Retry, now + wait, reason) with { Attempts = run.Attempts + 1 };
        }

        /// <summary>The run after a fault of the engine itself: two more tries, a minute apart, then it fails.</summary>
        public Run RetryInternally(string reason, DateTimeOffset now) => run.Attempts >= 2
            ? run.End(RunState.Failed, reason)
            : run.Wait(WaitReason.Retry, now + TimeSpan.FromMinutes(1), reason) with { Attempts = run.Attempts + 1 };

        /// <summary>The run and its step after what became of the step's intent.</summary>
        /// <param name="call">The step as the rule has it.</param>
        /// <param name="rule">The rule's version that the run is on.</param>
        /// <param name="repeat">Whether a request of unknown effect may be sent again.</param>
        /// <param name="outcome">What the action said.</param>
        /// <param name="now">The time.</param>
        /// <param name="lookAt">When to look for its effect, should that be unknown; null when it cannot be looked for.</param>
        public (Run Run, Step Step) Apply(StepNode.Call call, Rule rule, Repeat repeat, ActionOutcome outcome, DateTimeOffset now, DateTimeOffset? lookAt = null)
        {
            var step = run.Steps[call.Path] with { At = now };
            return outcome switch
            {
                ActionOutcome.Done done => run.Proceed(step with
                {
                    State = StepState.Done,
                    Answer = done.Answer?.GetRawText(),
                    HadEffect = step.HadEffect || (!done.Already && step.Intent is { Endpoint.Length: > 0 }),
                    Reason = done.Already ? "it was so already" : null,
                }),
                ActionOutcome.Rejected rejected => run.Refuse(call, step with { State = StepState.Failed, Reason = rejected.Reason }, rejected.Code),
                ActionOutcome.NotSent notSent => run.Repeat(call, rule, step with { State = StepState.Pending }, notSent.Reason, now),
                ActionOutcome.RateLimited limited => (run.Wait(WaitReason.Budget, now + limited.RetryAfter, "the server asks for patience"), step with { State = StepState.Pending }),
                ActionOutcome.AccountRefused refused => (run.Wait(WaitReason.Hold, null, refused.Reason), step with { State = StepState.Pending }),
                ActionOutcome.Uncertain uncertain when repeat == Actions.Repeat.Natural => run.Repeat(call, rule, step with { HadEffect = true }, uncertain.Reason, now),
                ActionOutcome.Uncertain uncertain => run.Doubt(call, step, uncertain.Reason, lookAt),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        /// <summary>A step whose effect nobody knows: it is shown to people and not sent again; it counts as an effect.</summary>
        /// <param name="step">Its record.</param>
        /// <param name="reason">A sentence for people.</param>
        /// <param name="lookAt">When its effect is looked for; null when only a person can tell.</param>
        public (Run Run, Step Step) Doubt(Step step, string reason, DateTimeOffset? lookAt = null)
        {
            var doubtful = step with { State = StepState.Uncertain, Reason = reason, HadEffect = true };
            return (run.With(doubtful).Wait(WaitReason.Uncertain, lookAt, $"sent, unconfirmed: {reason}"), doubtful);
        }

        /// <summary>
        /// The same; where the step says <c>continue-on-error</c> and only a person can tell, it stays uncertain, and the run goes on.
        /// </summary>
        public (Run Run, Step Step) Doubt(StepNode.Call call, Step step, string reason, DateTimeOffset? lookAt = null) =>
            call.ContinueOnError && lookAt is null
                ? run.Proceed(step with { State = StepState.Uncertain, Reason = reason, HadEffect = true })
                : run.Doubt(step, reason, lookAt);

        /// <summary>
        /// A step that is proven to have had no effect: the same request is sent again while the event is not late, or has failed where the
        /// rule wants it <c>at-most-once</c>.
        /// </summary>
        public (Run Run, Step Step) Disprove(StepNode.Call call, Rule rule, Step step, DateTimeOffset now) => call.Assurance == Assurance.AtMostOnce
            ? run.Refuse(call, step with { State = StepState.Failed, Reason = "it did not arrive, and is not sent again: 'delivery: at-most-once'", At = now }, FailureCodes.GaveUp)
            : run.Repeat(call, rule, step with { State = StepState.Pending, Reason = null, HadEffect = false, At = now }, RunReasons.NotArrived, now);

        /// <summary>The step is over: on to the next one.</summary>
        public (Run Run, Step Step) Proceed(Step step) =>
            (run.With(step) with { State = RunState.Running, WaitsFor = WaitReason.None, Attempts = 0, Reason = null }, step);

        /// <summary>The step is over and was refused: the run fails, unless the step says <c>continue-on-error</c>.</summary>
        /// <param name="node">The step as the rule has it.</param>
        /// <param name="failed">Its record.</param>
        /// <param name="code">What <c>error.code</c> says.</param>
        public (Run Run, Step Step) Refuse(StepNode node, Step failed, string code) => node.ContinueOnError
            ? run.Proceed(failed)
            : (run.With(failed).End(RunState.Failed, failed.Reason) with { FailureCode = code }, failed);

        private (Run Run, Step Step) Repeat(StepNode.Call call, Rule rule, Step step, string reason, DateTimeOffset now)
        {
            var next = run.RetryLater(rule, reason, null, now);
            return next.HasEnded ? run.Refuse(call, step with { State = StepState.Failed, Reason = next.Reason }, FailureCodes.GaveUp) : (next, step);
        }
    }
}
