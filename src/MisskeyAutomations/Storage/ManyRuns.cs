using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What people and reloads do to many runs at once, in steps that are small enough not to delay deliveries.</summary>
internal static class ManyRuns
{
    /// <summary>How many runs one step changes.</summary>
    public const int StepSize = 200;

    /// <summary>
    /// Cancels free runs of a rule, but not those that wait for certainty about something sent: a person may still want to know. Runs
    /// without effect give back their places in the limits. The number of cancelled runs; there may be more when it is the step size.
    /// </summary>
    public static int Cancel(WriterConnection db, string ruleName, string reason, DateTimeOffset now)
    {
        const string Find = """
            select r.id from rules ru join rule_versions v on v.rule = ru.id
            join runs r indexed by runs_unfinished on r.version = v.id and r.state < 4
            where ru.name = ? and r.lease is null and r.waits_for <> ?
            limit ?
            """;
        var ids = db.Sql(Find).Bind(ruleName).Bind((long)WaitReason.Uncertain).Bind(StepSize).All(static row => row.Long(0));
        foreach (var id in ids)
        {
            const string Update = """
                update runs set state = ?, waits_for = 0, due_at = null, reason = ?, epoch = epoch + 1, wake_at = null, waits_since = null where id = ?
                """;
            db.Sql(Update).Bind((long)RunState.Cancelled).Bind(reason).Bind(id).Run();
            db.Tally.CountCancelled(id, now);
            if (db.Sql("select 1 from steps where run = ? and had_effect = 1").Bind(id).Number() is null)
            {
                LimitPlaces.GiveBack(db, id, now);
            }
        }

        return ids.Count;
    }

    /// <summary>Makes waiting runs after this one due now. The last of them; null when there are no more.</summary>
    public static long? Release(WriterConnection db, WaitReason reason, long after, DateTimeOffset now)
    {
        // Once: what was released first may have got its new time already.
        if (reason == WaitReason.Budget && after == 0)
        {
            db.Waiting.Clear();
        }

        const string Find = """
            select id from runs indexed by runs_waiting where state = 1 and waits_for = ? and id > ? order by id limit ?
            """;
        var ids = db.Sql(Find).Bind((long)reason).Bind(after).Bind(StepSize).All(static row => row.Long(0));
        foreach (var id in ids)
        {
            db.Sql("update runs set due_at = ?, wake_at = ? where id = ?").Bind(now).Bind(now).Bind(id).Run();
        }

        return ids.Count == StepSize ? ids[^1] : null;
    }
}
