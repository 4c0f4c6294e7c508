namespace MisskeyAutomations.Engine.Runs;

/// <summary>What a store answers a run that wants its turn and its places.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    /// <summary>It has its turn and its places.</summary>
    public sealed record Granted : Admission
    {
        /// <summary>The unfinished runs whose place it takes; they are stopped.</summary>
        public IReadOnlyList<long> Replaces { get; init; } = [];
    }

    /// <summary>It is refused.</summary>
    /// <param name="Gate"><see cref="Gates.Overlap"/> or <see cref="Gates.Limit"/>.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Refused(string Gate, string Reason) : Admission;

    /// <summary>It takes the steps of a full limit, without a turn or a place.</summary>
    /// <param name="Branch">Which ones.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Over(string Branch, string Reason) : Admission;

    /// <summary>It waits for its turn behind the unfinished runs before it.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Queued(string Reason) : Admission;

    /// <summary>It waits for a place, which is promised to it for that moment.</summary>
    /// <param name="Until">When.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Delayed(DateTimeOffset Until, string Reason) : Admission
    {
        /// <summary>The unfinished runs whose place it takes; they are stopped.</summary>
        public IReadOnlyList<long> Replaces { get; init; } = [];
    }

    /// <summary>A newer run took its place while it waited.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Stopped(string Reason) : Admission;
}

/// <summary>What was written about a run.</summary>
/// <param name="Run">The run as it stands now: cancelled, when a newer one took its place in the meantime.</param>
/// <param name="Rings">Other runs that are due sooner now, because something got free.</param>
public sealed record Saved(Run Run, IReadOnlyList<Ring> Rings);

/// <summary>What a store answers a run that asked for admission.</summary>
/// <param name="Admission">The answer.</param>
/// <param name="Run">The run; one that waits is saved already.</param>
/// <param name="Rings">Other runs that are due sooner now.</param>
public sealed record Admitted(Admission Admission, Run Run, IReadOnlyList<Ring> Rings);

/// <summary>A run that is due.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DueAt">When.</param>
public readonly record struct Ring(long RunId, DateTimeOffset DueAt);
