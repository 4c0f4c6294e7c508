using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What a step of the clock does to times that are written down.</summary>
internal static class ClockRows
{
    private const int StepSize = 500;

    // As in Deciding: what is further ahead is not believed at once.
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Moves along what was reckoned from the clock as it stood: waits, leases, budgets, limits, breakers. What rules name by the clock itself
    /// (<c>wait-until</c>, <c>cron</c>) stays.
    /// </summary>
    public static void Move(WriterConnection db, TimeSpan step)
    {
        const string Runs = """
            update runs set due_at = due_at + ?, wake_at = wake_at + ?, waits_since = waits_since + ?, created_at = created_at + ?
            where wake_at is not null and not (state = 1 and waits_for = ?
                and exists (select 1 from steps s where s.run = runs.id and s.kind = 'wait-until' and s.state = ?))
            """;
        const string Steps = """
            update steps set at = at + ? where kind = 'wait-for' and state = ? and run in (select id from runs indexed by runs_waiting where state = 1)
            """;
        var by = (long)step.TotalMilliseconds;
        db.Sql(Runs).Bind(by).Bind(by).Bind(by).Bind(by).Bind((long)WaitReason.Step).Bind((long)StepState.Pending).Run();
        db.Sql(Steps).Bind(by).Bind((long)StepState.Pending).Run();
        db.Sql("update budget_tokens set at = at + ?, expires_at = expires_at + ?").Bind(by).Bind(by).Run();
        db.Sql("update limit_places set at = at + ?, expires_at = expires_at + ?").Bind(by).Bind(by).Run();
        db.Sql("update breakers set until = until + ?").Bind(by).Run();
        db.Waiting.Move(step);
    }

    /// <summary>
    /// Has decided anew what was stale by a clock that was wrong: deliveries from what was the future when they came and is so no more, and
    /// those that came at a time which has not been yet.
    /// </summary>
    /// <returns>How many.</returns>
    public static int Reopen(WriterConnection db, DateTimeOffset now)
    {
        // Each finds by an index of its own nothing but what it changes, however much is stale: this is asked every few seconds. The ten minutes are written
        // out as in the index.
        const string WereAhead = """
            update deliveries set state = 0, note = null, received_at = ? where id in
                (select id from deliveries indexed by deliveries_ahead where state = 4 and created_at > received_at + 600000 and created_at <= ? limit ?)
            """;
        const string CameAhead = """
            update deliveries set state = 0, note = null, received_at = ? where id in
                (select id from deliveries indexed by deliveries_stale where state = 4 and received_at > ? limit ?)
            """;
        var farthest = now + FarthestAhead;
        return db.Sql(WereAhead).Bind(now).Bind(farthest).Bind(StepSize).RunAndCount() + db.Sql(CameAhead).Bind(now).Bind(farthest).Bind(StepSize).RunAndCount();
    }
}
