using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Decides whether a run gets its turn (<c>overlap</c>) and its places (<c>limit</c>), all or none. A store derives from it and says what
/// it holds, so that every store decides the same; it asks and carries the answer out in one transaction.
/// </summary>
/// <remarks>
/// A run that is delayed has its places already, stamped with the moment for which they are promised: whoever comes later counts them
/// and gets a later moment, so that all go in order. A promised place is taken only once its run begins. A promise that could not be
/// kept, as others began late, keeps its stamp, and with it its turn.
/// </remarks>
public abstract class Admissions
{
    /// <summary>Why a run was stopped whose place another took.</summary>
    /// <param name="runId">The run that took it.</param>
    public static string ReplacedBy(long runId) => GateReasons.ReplacedBy(runId);

    /// <summary>The answer for a run, which need not be stored yet. Asked again for a run that has its turn and places, it grants them again.</summary>
    /// <param name="run">The run.</param>
    /// <param name="overlap">What its rule's <c>overlap</c> asks; null for nothing.</param>
    /// <param name="claims">The places that it needs.</param>
    /// <param name="now">The time.</param>
    public Admission Ask(Run run, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, DateTimeOffset now)
    {
        IReadOnlyList<long> unfinished = overlap is null || HasTurn(run) ? [] : Unfinished(run, overlap);
        if (unfinished.Count > 0 && overlap!.Mode is OverlapMode.Skip or OverlapMode.Queue)
        {
            var reason = GateReasons.Unfinished(unfinished, overlap);
            return overlap.Mode == OverlapMode.Skip ? new Admission.Refused(Gates.Overlap, reason) : new Admission.Queued(reason);
        }

        string? delays = null;
        var until = now;
        foreach (var claim in claims)
        {
            if (HasRoom(run, claim, unfinished, now, out var promised))
            {
                continue;
            }

            var freeAt = FreeAt(run, claim, unfinished, now, promised);
            var reason = GateReasons.Full(claim, number => Latest(run, claim, unfinished, number, DateTimeOffset.MaxValue), freeAt);
            if (claim.Over != LimitOver.Delay)
            {
                return claim.Over == LimitOver.Skip ? new Admission.Refused(Gates.Limit, reason) : new Admission.Over(claim.Branch, reason);
            }

            (delays, until) = delays is null || freeAt > until ? (reason, freeAt) : (delays, until);
        }

        return delays is null ? new Admission.Granted { Replaces = unfinished } : new Admission.Delayed(until, delays) { Replaces = unfinished };
    }

    /// <summary>Whether the run had its turn before.</summary>
    protected abstract bool HasTurn(Run run);

    /// <summary>
    /// The other unfinished runs of the rule and account with this key, also those in the queue. Those that wait for certainty are not
    /// among them: nobody knows when they will be finished.
    /// </summary>
    protected abstract IReadOnlyList<long> Unfinished(Run run, OverlapClaim overlap);

    /// <summary>The place with this key that the run, or one of those whose place it takes, has; null for none.</summary>
    protected abstract Place? FindPlace(Run run, LimitClaim claim, IReadOnlyList<long> replaced);

    /// <summary>The number of places of others, at most so many, taken or promised from a moment on.</summary>
    /// <param name="run">The run that asks.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="replaced">The runs whose place it takes: theirs do not count.</param>
    /// <param name="since">The moment.</param>
    /// <param name="promisedBefore">Promised places count when their moment lies before this one.</param>
    protected abstract int Count(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset since, DateTimeOffset promisedBefore);

    /// <summary>The place of others that is so many places back, 1 being the latest; null when there are not so many.</summary>
    protected abstract TakenPlace? Latest(Run run, LimitClaim claim, IReadOnlyList<long> replaced, int number, DateTimeOffset promisedBefore);

    // Whoever has a promise may go as soon as the taken places allow it; whoever has none stands behind all promises.
    private bool HasRoom(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset now, out Place? promised)
    {
        promised = FindPlace(run, claim, replaced);
        if (promised is { IsPromised: false })
        {
            return true;
        }

        var others = promised is null ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
        return Count(run, claim, replaced, claim.Since, others) < claim.Max;
    }

    private DateTimeOffset FreeAt(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset now, Place? promised)
    {
        var before = promised?.At ?? DateTimeOffset.MaxValue;
        var freeAt = claim.FreeAt(
            now, number => Latest(run, claim, replaced, number, before)?.At, since => Count(run, claim, replaced, since, before));
        return freeAt < before || before <= now ? freeAt : before;
    }

    /// <summary>A place that a run has.</summary>
    /// <param name="At">When it began to count, or will.</param>
    /// <param name="IsPromised">Whether its run waits for it.</param>
    protected readonly record struct Place(DateTimeOffset At, bool IsPromised);
}

/// <summary>A place in a limit that a run took, or was promised.</summary>
/// <param name="At">When it began to count, or will.</param>
/// <param name="RunId">The run.</param>
public readonly record struct TakenPlace(DateTimeOffset At, long RunId);
