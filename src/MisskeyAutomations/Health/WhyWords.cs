using System.Diagnostics;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health;

/// <summary>States in words, for people who ask why.</summary>
internal static class WhyWords
{
    /// <summary>What a rule's gates said. Gates keep the names that rule files know them by.</summary>
    public static Phrase Of(Verdict verdict) => verdict switch
    {
        { Gate: null } => Phrase.Of("runs"),
        { TookElse: true, Gate: Gates.Limit } => Phrase.Of($"takes its `over` steps: {Gates.Limit}"),
        { TookElse: true } => Phrase.Of($"takes its `else`: {verdict.Gate}"),
        _ => Phrase.Of($"does not run: {verdict.Gate}"),
    };

    /// <summary>What became of a delivery that no rule was asked about.</summary>
    public static Phrase Of(DeliveryState state, string? note)
    {
        // What another delivery had told, or a run had waited for: the note says all.
        if (state == DeliveryState.Planned && note is not null)
        {
            return Decision.FirstOf(note) is { } first ? Phrase.Of($"Delivery {first} had reported the same event.") : Phrase.Of($"{note}");
        }

        var word = state switch
        {
            DeliveryState.Received => Phrase.Of("not decided yet"),
            DeliveryState.Planned => Phrase.Of("no rule starts on it"),
            DeliveryState.Test => Phrase.Of("a test of the webhook, never acted on"),
            DeliveryState.Unrouted => Phrase.Of("not for this account"),
            DeliveryState.Stale => Phrase.Of("too old, or from the future"),
            DeliveryState.Quarantined => Phrase.Of("kept aside, could not be decided"),
            DeliveryState.Dropped => Phrase.Of("kept aside and then given up by a person"),
            _ => throw new UnreachableException(),
        };
        return note switch
        {
            null => word,
            Decision.OutOfTime => Phrase.Of($"{word}: {Phrase.Of(Decision.OutOfTime)}"),
            Decision.BeforeRestore => Phrase.Of($"{word}: {Phrase.Of(Decision.BeforeRestore)}"),
            _ => Phrase.Of($"{word}: {note}"),
        };
    }

    /// <summary>What a run, a step or a verdict keeps about itself; a sentence that holds what Misskey said, or numbers, stays as it is.</summary>
    public static Phrase OfReason(string kept) => kept switch
    {
        RunReasons.NoteGone => Phrase.Of(RunReasons.NoteGone),
        RunReasons.UserGone => Phrase.Of(RunReasons.UserGone),
        RunReasons.RuleGone => Phrase.Of(RunReasons.RuleGone),
        RunReasons.NotArrived => Phrase.Of(RunReasons.NotArrived),
        RunReasons.FoundByPerson => Phrase.Of(RunReasons.FoundByPerson),
        RunReasons.GivenUpByPerson => Phrase.Of(RunReasons.GivenUpByPerson),
        RestoredStore.Reason => Phrase.Of(RestoredStore.Reason),
        _ => Reasons.Told(kept),
    };

    /// <summary>Where a run stands, what it waits for and until when, and which steps it takes where those are not <c>do</c>.</summary>
    public static Phrase Of(RecordedRun run, string? due)
    {
        var state = (run.State, due) switch
        {
            (RunState.Waiting, { } until) => Phrase.Of($"waits for {Of(run.WaitsFor)} until {until}"),
            (RunState.Waiting, null) => Phrase.Of($"waits for {Of(run.WaitsFor)}"),
            (RunState.Running, _) when run.Stop is not null => Phrase.Of($"at work; ends once its present step is over"),
            _ when run.Gate is { } gate => Phrase.Of($"{Of(run.State)}: {gate}"),
            _ => Of(run.State),
        };
        var branched = run.Branch == "do" ? state : Phrase.Of($"{state} (takes `{run.Branch}`)");
        return run.IsDryRun ? Phrase.Of($"{branched} (dry run)") : branched;
    }

    /// <summary>Where a run stands.</summary>
    public static Phrase Of(RunState state) => state switch
    {
        RunState.Deciding => Phrase.Of("is being decided"),
        RunState.Waiting => Phrase.Of("waits"),
        RunState.Ready => Phrase.Of("about to begin"),
        RunState.Running => Phrase.Of("at work"),
        RunState.Succeeded => Phrase.Of("succeeded"),
        RunState.Skipped => Phrase.Of("skipped"),
        RunState.Failed => Phrase.Of("failed"),
        RunState.Cancelled => Phrase.Of("cancelled"),
        _ => throw new UnreachableException(),
    };

    /// <summary>Where a step stands.</summary>
    public static Phrase Of(StepState state) => state switch
    {
        StepState.Pending => Phrase.Of("pending"),
        StepState.Intended => Phrase.Of("on its way"),
        StepState.Uncertain => Phrase.Of("uncertain"),
        StepState.Done => Phrase.Of("done"),
        StepState.Skipped => Phrase.Of("skipped"),
        StepState.Failed => Phrase.Of("failed"),
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether a look-up was answered.</summary>
    public static Phrase Of(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.Found => Phrase.Of("found"),
        LookupOutcome.Refused => Phrase.Of("there is none"),
        LookupOutcome.Failed => Phrase.Of("no answer"),
        _ => throw new UnreachableException(),
    };

    /// <summary>What a run waits for.</summary>
    public static Phrase Of(WaitReason reason) => reason switch
    {
        WaitReason.None => Phrase.Of("nothing"),
        WaitReason.After => Phrase.Of("the end of `after`"),
        WaitReason.Step => Phrase.Of("the end of a wait step"),
        WaitReason.Retry => Phrase.Of("the next attempt"),
        WaitReason.Budget => Phrase.Of("room in a budget"),
        WaitReason.Hold => Phrase.Of("the end of a panic or pause"),
        WaitReason.Uncertain => Phrase.Of("certainty about a step"),
        WaitReason.Reply => Phrase.Of("a reply"),
        WaitReason.Turn => Phrase.Of("its turn"),
        WaitReason.Place => Phrase.Of("a place in its limit"),
        _ => throw new UnreachableException(),
    };
}
