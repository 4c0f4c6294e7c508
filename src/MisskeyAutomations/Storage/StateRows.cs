using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What <c>set</c> kept, in its table.</summary>
internal static class StateRows
{
    /// <summary>What a run sees in a slot; null when there is nothing, or when it has run out.</summary>
    public static string? Find(WriterConnection db, Run run, StateSlot slot, DateTimeOffset now)
    {
        // A dry run sees first what dry runs changed.
        const string Sql = """
            select value, expires_at from state where account = ? and dry_run in (0, ?) and scope = ? and key = ? order by dry_run desc limit 1
            """;
        return db.Sql(Sql).Bind(db.Names.Account(run.Account)).Bind(run.IsDryRun).Bind(slot.Scope).Bind(slot.Key)
            .First(row => row.TimeOrNull(1) <= now ? new Kept(null) : new Kept(row.TextOrNull(0)))?.Value;
    }

    public static void Save(WriterConnection db, Run run, StateChange change)
    {
        var account = db.Names.Account(run.Account);
        if (change.Value is null && !run.IsDryRun)
        {
            db.Sql("delete from state where account = ? and dry_run = 0 and scope = ? and key = ?")
                .Bind(account).Bind(change.Slot.Scope).Bind(change.Slot.Key).Run();
            return;
        }

        const string Sql = """
            insert into state (account, dry_run, scope, key, value, expires_at) values (?, ?, ?, ?, ?, ?)
            on conflict (account, dry_run, scope, key) do update set value = excluded.value, expires_at = excluded.expires_at
            """;
        db.Sql(Sql).Bind(account).Bind(run.IsDryRun).Bind(change.Slot.Scope).Bind(change.Slot.Key).Bind(change.Value).Bind(change.ExpiresAt).Run();
    }

    private sealed record Kept(string? Value);
}
