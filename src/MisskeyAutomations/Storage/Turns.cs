using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Whose turn it is among the runs of a rule that must not overlap.</summary>
internal static class Turns
{
    /// <summary>The run has its turn, or waits for it in the order of arrival.</summary>
    public static void Take(WriterConnection db, Run run, OverlapClaim overlap, bool isQueued) =>
        db.Sql("update runs set overlap = ?, queued = ? where id = ?").Bind(StoredAdmissions.TurnKey(db, run, overlap)).Bind(isQueued).Bind(run.Id).Run();

    /// <summary>The run needs the turn that it may have no longer.</summary>
    public static IEnumerable<Ring> Leave(WriterConnection db, long runId, bool forGood, DateTimeOffset now) =>
        db.Sql("select overlap from runs where id = ? and overlap is not null").Bind(runId).First(static row => row.Text(0)) is { } turn
            ? Leave(db, runId, turn, forGood, now) : [];

    /// <summary>
    /// The run needs its turn no longer: the next in the queue has it from now on and is due. One that waits for certainty keeps it in
    /// case it goes on, but holds nobody up.
    /// </summary>
    public static IEnumerable<Ring> Leave(WriterConnection db, long runId, string turn, bool forGood, DateTimeOffset now)
    {
        if (forGood)
        {
            db.Sql("update runs set overlap = null, queued = 0 where id = ?").Bind(runId).Run();
        }

        const string Find = """
            select id, queued from runs indexed by runs_overlapping
            where overlap = ? and state < 4 and id <> ? and not (state = 1 and waits_for = ? and due_at is null)
            order by queued, id limit 1
            """;
        var next = db.Sql(Find).Bind(turn).Bind(runId).Bind((long)WaitReason.Uncertain).First(static row => (Id: row.Long(0), IsQueued: row.Bool(1)));
        if (!next.IsQueued)
        {
            return [];
        }

        db.Sql("update runs set queued = 0, due_at = ?, wake_at = ? where id = ?").Bind(now).Bind(now).Bind(next.Id).Run();
        return [new(next.Id, now)];
    }

    /// <summary>Stops runs whose place another has taken: a free one ends now, one that is at work before its next step.</summary>
    public static void Stop(WriterConnection db, IReadOnlyList<long> runIds, long by, DateTimeOffset now)
    {
        foreach (var id in runIds)
        {
            const string End = """
                update runs set state = ?, waits_for = 0, due_at = null, reason = ?, epoch = epoch + 1, wake_at = null, overlap = null, queued = 0
                where id = ? and lease is null
                """;
            if (db.Sql(End).Bind((long)RunState.Cancelled).Bind(Admissions.ReplacedBy(by)).Bind(id).RunAndCount() == 1)
            {
                db.Tally.CountCancelled(id, now);
                continue;
            }

            db.Sql("update runs set stop = ? where id = ?").Bind(Admissions.ReplacedBy(by)).Bind(id).Run();
        }
    }
}
