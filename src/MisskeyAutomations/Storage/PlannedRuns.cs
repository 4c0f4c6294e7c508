using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Makes runs, with their turn and their places, or with neither.</summary>
internal static class PlannedRuns
{
    /// <summary>Makes planned runs, as far as turns and limits allow.</summary>
    /// <param name="db">The writer's connection.</param>
    /// <param name="planned">The runs.</param>
    /// <param name="verdicts">The verdicts, in which those of runs that are refused or must wait are put in place.</param>
    /// <param name="lease">The lease of whoever works on them; null to leave them free and due.</param>
    /// <param name="now">The time.</param>
    /// <returns>The runs that were made, and other runs that are due sooner.</returns>
    public static (List<Run> Made, List<Ring> Rings) Make(
        WriterConnection db, IReadOnlyList<PlannedRun> planned, List<Verdict> verdicts, long? lease, DateTimeOffset now)
    {
        var admissions = new StoredAdmissions(db);
        var (made, rings) = (new List<Run>(planned.Count), new List<Ring>());
        foreach (var plan in planned)
        {
            if (plan.OncePerNote is { } note && Subjects.FindOtherRun(db, plan.Run, note) is { } other)
            {
                verdicts.Put(plan.RanFor(other));
                continue;
            }

            var admission = plan is { Overlap: null, Claims.Count: 0 } ? new Admission.Granted() : admissions.Ask(plan.Run, plan.Overlap, plan.Claims, now);
            var (settled, verdict) = plan.Settle(admission, now);
            if (verdict is not null)
            {
                verdicts.Put(verdict);
            }

            if (settled is not null)
            {
                var run = RunRows.Insert(db, settled, plan.RuleText, lease, now);
                rings.AddRange(CarryOut(db, run, admission, plan.Overlap, plan.Claims, now));
                made.Add(run);
            }
        }

        return (made, rings);
    }

    /// <summary>Carries an answer out for a stored run.</summary>
    public static IReadOnlyList<Ring> CarryOut(
        WriterConnection db, Run run, Admission admission, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, DateTimeOffset now)
    {
        var rings = new List<Ring>();
        switch (admission)
        {
            case Admission.Granted granted:
                rings.AddRange(TakePlaces(db, run, granted.Replaces, claims, now, isPromised: false, now));
                break;
            case Admission.Delayed delayed:
                rings.AddRange(TakePlaces(db, run, delayed.Replaces, claims, delayed.Until, isPromised: true, now));
                break;
            case Admission.Over:
                return [.. Turns.Leave(db, run.Id, forGood: true, now)];
            case Admission.Refused:
                return [];
        }

        if (overlap is not null)
        {
            Turns.Take(db, run, overlap, isQueued: admission is Admission.Queued);
        }

        return rings;
    }

    private static IEnumerable<Ring> TakePlaces(
        WriterConnection db, Run run, IReadOnlyList<long> replaced, IReadOnlyList<LimitClaim> claims, DateTimeOffset at, bool isPromised, DateTimeOffset now)
    {
        var rings = replaced.Count == 0 ? [] : LimitPlaces.HandOver(db, run, replaced, claims, now);
        Turns.Stop(db, replaced, run.Id, now);
        return [.. rings, .. LimitPlaces.Take(db, run, claims, at, isPromised, now)];
    }
}
