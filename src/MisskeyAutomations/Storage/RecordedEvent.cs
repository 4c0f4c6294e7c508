using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>An event as it was recorded, with what the gates said.</summary>
internal sealed record RecordedEvent
{
    /// <summary>The number of its delivery.</summary>
    public required long Number { get; init; }

    public required string Account { get; init; }

    /// <summary>As Misskey gave it.</summary>
    public required string EventId { get; init; }

    public required string Source { get; init; }

    /// <summary>When Misskey made it; when it arrived, where its sender gave no time or one that there is not.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>The most particular type; null while it is undecided.</summary>
    public required string? Type { get; init; }

    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>Whether the verdicts cannot be read: then none are given, though there were some.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Why no rule was asked; null when they were.</summary>
    public required string? Note { get; init; }

    /// <summary>What it means; null when its body is gone or unreadable.</summary>
    public required Event? Happening { get; init; }

    /// <summary>Whether its request is kept as it came.</summary>
    public required bool IsBodyKept { get; init; }

    /// <summary>Whether rules can be asked about it anew: it is one, it was decided or passed over, and what it said is kept.</summary>
    public bool CanBeAskedAgain => IsBodyKept && State is (DeliveryState.Planned or DeliveryState.Stale or DeliveryState.Dropped);

    /// <summary>Whether rules were asked.</summary>
    public bool WereRulesAsked => WereAsked(State, Note, Verdicts);

    /// <summary>Whether rules were asked about a delivery: not where there was nothing to decide, nor about what another delivery had told before.</summary>
    public static bool WereAsked(DeliveryState state, string? note, IReadOnlyList<Verdict> verdicts) =>
        state == DeliveryState.Planned && (note is null || verdicts.Count > 0);
}

/// <summary>An event that could not be decided.</summary>
/// <param name="Number">The number of its delivery.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Note">Why it was set aside.</param>
internal sealed record EventSetAside(long Number, string Account, DateTimeOffset ReceivedAt, string? Note);

/// <summary>A run as it was recorded.</summary>
internal sealed record RecordedRun
{
    public required long Id { get; init; }

    public required long Delivery { get; init; }

    public required string Account { get; init; }

    public required string Rule { get; init; }

    /// <summary>The version of the rule that it is on.</summary>
    public required string RuleHash { get; init; }

    public required bool IsDryRun { get; init; }

    public required RunState State { get; init; }

    public required string Branch { get; init; }

    public required WaitReason WaitsFor { get; init; }

    public required DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset EventAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it waited because its rule asked for it, as far as that is over.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>How often its present step was tried without success.</summary>
    public required int Attempts { get; init; }

    public required string? Reason { get; init; }

    public required string? Gate { get; init; }

    /// <summary>Why it is to end once its present step is over, where it was at work as somebody ended it; null when nobody did.</summary>
    public string? Stop { get; init; }

    /// <summary>In the order in which they got into their states; none where runs are listed.</summary>
    public required IReadOnlyList<RecordedStep> Steps { get; init; }

    /// <summary>What it has looked up, in that order; none where several runs are read.</summary>
    public IReadOnlyList<RecordedLookup> Lookups { get; init; } = [];
}

/// <summary>A step as it was recorded.</summary>
/// <param name="Step">The step.</param>
/// <param name="BeganAt">Since when it was at work; null where a former version recorded it.</param>
/// <param name="Attempts">How often its request was sent.</param>
internal sealed record RecordedStep(Step Step, DateTimeOffset? BeganAt, int Attempts);
