namespace MisskeyAutomations.Engine.Runs;

/// <summary>A run that is to be made, with what it needs: its turn, and places in its rule's limits.</summary>
/// <param name="Run">The run as it is to be stored: deciding, waiting or ready.</param>
/// <param name="RuleText">The resolved text of its rule's version.</param>
/// <param name="Claims">The places; the run is made only when every one is granted.</param>
public sealed record PlannedRun(Run Run, string RuleText, IReadOnlyList<LimitClaim> Claims)
{
    /// <summary>
    /// The note for which the rule runs once, though it passes at several places and may mean something to the account beside; null where
    /// the event's subject alone says what is once.
    /// </summary>
    public string? OncePerNote { get; init; }

    /// <summary>What its rule's <c>overlap</c> asks; null where runs know nothing of each other.</summary>
    public OverlapClaim? Overlap { get; init; }

    /// <summary>The verdict that the rule was started on the note already, by another delivery.</summary>
    public Verdict RanFor(long delivery) => new(Run.RuleName, Gates.Overlap, GateReasons.RanForNote(delivery));

    /// <summary>The run as it is to be stored after the store's answer, or null; and the verdict that replaces the rule's, or null.</summary>
    public (Run? Run, Verdict? Verdict) Settle(Admission admission, DateTimeOffset now)
    {
        // A run that must wait first begins its `after` when it has its turn and its places.
        var held = Run with { Waited = TimeSpan.Zero };
        return admission switch
        {
            Admission.Granted { Replaces: [] } => (Run, null),
            Admission.Granted granted => (Run, new(Run.RuleName, null, GateReasons.TakesPlaceOf(granted.Replaces))),
            Admission.Over over => (held.TakeOver(over.Branch) with { DueAt = now }, new(Run.RuleName, Gates.Limit, over.Reason) { TookElse = true }),
            Admission.Queued queued => (held.WaitAtGate(WaitReason.Turn, null, now, queued.Reason), new(Run.RuleName, null, queued.Reason)),
            Admission.Delayed delayed => (held.WaitAtGate(WaitReason.Place, delayed.Until, now, delayed.Reason), new(Run.RuleName, null, delayed.Reason)),
            Admission.Refused refused => (null, new(Run.RuleName, refused.Gate, refused.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
