using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>One thing that came to pass on a <see cref="Stage"/>.</summary>
/// <param name="At">The time of the stage's clock.</param>
/// <param name="Event">The event that it belongs to.</param>
public abstract record StageEntry(DateTimeOffset At, Event Event)
{
    /// <summary>The event happens.</summary>
    public sealed record Happened(DateTimeOffset At, Event Event) : StageEntry(At, Event);

    /// <summary>A rule is asked and answers; a later answer about the same event takes the place of the one before.</summary>
    public sealed record Judged(DateTimeOffset At, Event Event, Verdict Verdict) : StageEntry(At, Event);

    /// <summary>The event is a reply that a run of an earlier event has waited for: it starts no rule.</summary>
    public sealed record Heard(DateTimeOffset At, Event Event, Run Run, IReadOnlyList<Verdict> Verdicts) : StageEntry(At, Event);

    /// <summary>A step of a run is over.</summary>
    public sealed record Stepped(DateTimeOffset At, Event Event, Run Run, Step Step) : StageEntry(At, Event);

    /// <summary>A run stands still: it waits or has ended.</summary>
    public sealed record Rested(DateTimeOffset At, Event Event, Run Run) : StageEntry(At, Event);

    /// <summary>A run cannot go on: what it must look up is not given. It has ended without an answer.</summary>
    public sealed record Unknown(DateTimeOffset At, Event Event, Run Run, Lookup Lookup) : StageEntry(At, Event);
}
