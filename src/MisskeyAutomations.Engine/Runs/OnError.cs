using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The branch <c>on-error</c>. A run that fails takes it once; why it failed is recorded as a step of its own, so that neither a restart nor
/// the branch's success makes it forgotten.
/// </summary>
internal static class OnError
{
    /// <summary>The branch, and the path of the record of the failure.</summary>
    public const string Branch = "on-error";

    private const string KnewOthers = "knewOthers";

    /// <summary>Turns a run that is about to end failed into its branch, or gives its failure the reason that is told.</summary>
    /// <returns>The run, and the record of the failure when the branch begins.</returns>
    public static (Run Run, Step? Failure) Turn(RunWork work, Run run, Step? failed, DateTimeOffset now)
    {
        if (run.Branch == Branch)
        {
            return (run.State switch
            {
                RunState.Failed => run with { Reason = $"{FirstReason(run)}; then 'on-error' failed: {run.Reason}" },
                RunState.Skipped => Finish(run) with { Reason = $"{FirstReason(run)}; then 'on-error' ended early: {run.Reason}" },
                _ => run,
            }, null);
        }

        if (run.State != RunState.Failed || run.Phase != RunPhase.Steps || work.Rule.OnError.Count == 0)
        {
            return (run, null);
        }

        var failure = new Step
        {
            Path = Branch,
            Kind = Branch,
            State = StepState.Done,
            Answer = Write(run, failed, work.KnowsOthers),
            Reason = run.Reason,
            At = now,
        };
        var turned = run with { State = RunState.Running, Branch = Branch, WaitsFor = WaitReason.None, DueAt = null, Attempts = 0, Reason = null, FailureCode = null };
        return (turned.With(failure), failure);
    }

    /// <summary>The end of all steps: failed for the first reason, where it came by way of this branch.</summary>
    public static Run Finish(Run run, string? reason = null) =>
        run.Branch == Branch ? run.End(RunState.Failed, FirstReason(run)) : run.End(RunState.Succeeded, reason);

    /// <summary>When the run failed; null while it did not.</summary>
    public static DateTimeOffset? FailedAt(Run run) => run.Branch == Branch ? run.Steps.GetValueOrDefault(Branch)?.At : null;

    /// <summary>
    /// The variable <c>error</c>. A reason can hold what a note says, so it is as private as the event; and nobody's to be told where the run
    /// knew what others said.
    /// </summary>
    public static Value Variable(Run run, Event happening)
    {
        if (run.Steps.GetValueOrDefault(Branch)?.Answer is not { } answer)
        {
            return Value.Null;
        }

        var error = JsonElement.Parse(answer);
        return Value.From(error, error.IsTrue(KnewOthers) ? ValueMarks.Private | ValueMarks.Foreign : EventScope.MarksOf(happening));
    }

    private static string? FirstReason(Run run) => run.Steps.GetValueOrDefault(Branch)?.Reason;

    private static string Write(Run run, Step? failed, bool knewOthers) => JsonWriting.WriteObject(default, json =>
    {
        json.WriteString("message", run.Reason);
        json.WriteString("step", failed?.Path);
        json.WriteString("code", run.FailureCode ?? FailureCodes.GaveUp);
        if (knewOthers)
        {
            json.WriteBoolean(KnewOthers, value: true);
        }
    });
}

/// <summary>What <c>error.code</c> says where it was not Misskey that refused.</summary>
internal static class FailureCodes
{
    /// <summary>The arguments make no request.</summary>
    public const string Invalid = "INVALID";

    /// <summary>It was tried until it was too late.</summary>
    public const string GaveUp = "GAVE_UP";

    /// <summary>An expression has no value.</summary>
    public const string CannotBeEvaluated = "CANNOT_BE_EVALUATED";

    /// <summary>Loops inside loops took more steps than a run may have.</summary>
    public const string TooManySteps = "TOO_MANY_STEPS";
}
