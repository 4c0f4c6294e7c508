using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What is written about a run that is held under a lease, with all that follows for others.</summary>
internal static class SavedRuns
{
    /// <summary>Saves a run and steps of it. What it needs no longer is free for others.</summary>
    /// <param name="db">The writer's connection.</param>
    /// <param name="run">The run.</param>
    /// <param name="changed">The steps.</param>
    /// <param name="lease">The lease it is held under.</param>
    /// <param name="now">The time.</param>
    /// <param name="goesOn">Whether whoever is at it goes on anyhow, and finds at the next save that it must stop.</param>
    public static Saved Save(WriterConnection db, Run run, IReadOnlyList<Step> changed, long lease, DateTimeOffset now, bool goesOn = false)
    {
        var held = RunRows.Save(db, run, lease, now);
        if (held.Stop is { } stop && !run.HasEnded && !goesOn)
        {
            run = run.End(RunState.Cancelled, stop);
            const string End = "update runs set state = ?, waits_for = 0, due_at = null, reason = ?, lease = null, wake_at = null where id = ?";
            db.Sql(End).Bind((long)run.State).Bind(stop).Bind(run.Id).Run();
            db.Tally.CountEnded(run, now);
        }

        foreach (var step in changed)
        {
            StepRows.Save(db, run.Id, step);
            db.Tally.CountSent(run, step, now);
        }

        return new(run, Release(db, run, held.Turn, now));
    }

    /// <summary>Saves a run that said no to its event, and makes the runs of the rules of its group that are asked next.</summary>
    public static Saved PassOn(
        WriterConnection db, Run run, IReadOnlyList<PlannedRun> rest, List<Verdict> verdicts, long lease, DateTimeOffset now)
    {
        var saved = Save(db, run, [], lease, now);
        var (made, rings) = PlannedRuns.Make(db, rest, verdicts, lease: null, now);
        Decisions.ReplaceVerdicts(db, run.DeliveryId, verdicts);
        return saved with { Rings = [.. saved.Rings, .. rings, .. made.Where(next => next.DueAt is not null).Select(next => new Ring(next.Id, next.DueAt!.Value))] };
    }

    /// <summary>Gives a run its turn and its places; one that must wait for them is saved as waiting.</summary>
    public static Admitted Admit(
        WriterConnection db, Run run, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, long lease, DateTimeOffset now)
    {
        if (RunRows.Renew(db, run, lease, now) is { } stopped)
        {
            return new(new Admission.Stopped(stopped), run, []);
        }

        var admission = new StoredAdmissions(db).Ask(run, overlap, claims, now);
        var waiting = admission switch
        {
            Admission.Queued queued => run.WaitAtGate(WaitReason.Turn, null, now, queued.Reason),
            Admission.Delayed delayed => run.WaitAtGate(WaitReason.Place, delayed.Until, now, delayed.Reason),
            _ => null,
        };
        if (waiting is not null)
        {
            RunRows.Save(db, waiting, lease, now);
        }

        return new(admission, waiting ?? run, PlannedRuns.CarryOut(db, run, admission, overlap, claims, now));
    }

    /// <summary>What a run needs no longer is free for others.</summary>
    public static IReadOnlyList<Ring> Release(WriterConnection db, Run run, string? turn, DateTimeOffset now)
    {
        var rings = new List<Ring>();
        if (run is { IsDryRun: true, HadEffect: false })
        {
            rings.AddRange(LimitPlaces.GiveBackReal(db, run, now));
        }

        if (run.HasEnded && !run.KeepsPlaces)
        {
            rings.AddRange(LimitPlaces.GiveBack(db, run.Id, now));
        }

        if (turn is not null && (run.HasEnded || run.WaitsForPerson))
        {
            rings.AddRange(Turns.Leave(db, run.Id, turn, run.HasEnded, now));
        }

        return rings;
    }
}
