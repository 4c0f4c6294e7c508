namespace MisskeyAutomations.Storage.Postgres;

/// <summary>The engines that share a store, each known by its lease.</summary>
internal static class Nodes
{
    /// <summary>After so long without a sign of life others take over what an engine has not begun to send.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const long Most = 500;
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(2);

    /// <summary>Lets go what a process held that is known to be dead: it died on this engine's data directory.</summary>
    public static void Bury(WriterConnection db, long former, DateTimeOffset now)
    {
        db.Sql("update runs set lease = null, wake_at = ? where wake_at is not null and lease = ?").Bind(now).Bind(former).Run();
        db.Sql("update deliveries set claimed_by = null, claimed_until = null where state = 0 and claimed_by = ?").Bind(former).Run();
        db.Sql("delete from nodes where lease = ?").Bind(former).Run();
    }

    /// <summary>Whether an engine is the one that has been at work for longest among those that live.</summary>
    public static bool IsFirst(StoreReaders readers, long lease, DateTimeOffset now)
    {
        const string Sql = "select min(lease) from nodes where seen_at > @since";
        return readers.Read(connection => connection.ExecuteScalar<long?>(Sql, new { since = (now - Patience).ToUnixTimeMilliseconds() })) is not { } first || first >= lease;
    }

    /// <summary>Whether an engine but this one has been alive lately.</summary>
    public static bool IsAnotherAtWork(StoreReaders readers, long lease, DateTimeOffset now)
    {
        const string Sql = "select count(*) from nodes where lease <> @lease and seen_at > @since";
        return readers.Read(connection => connection.ExecuteScalar<long>(Sql, new { lease, since = (now - Patience).ToUnixTimeMilliseconds() })) > 0;
    }

    /// <summary>
    /// Says that this engine is alive, and takes over from those that have not said so for too long. What a dead engine may be sending is
    /// left alone until its lease ends: a process that only stood still would send it as well.
    /// </summary>
    /// <returns>
    /// The runs that are due and that nobody works on: those that it took over, and those whose alarm was another engine's. Its own it has in
    /// hand, however old their leases are, after trouble or a standstill.
    /// </returns>
    public static IReadOnlyList<long> Beat(WriterConnection db, long lease, DateTimeOffset now)
    {
        const string Seen = "insert into nodes (lease, seen_at) values (?, ?) on conflict (lease) do update set seen_at = excluded.seen_at";
        db.Sql(Seen).Bind(lease).Bind(now).Run();

        const string Free = """
            update runs set lease = null, wake_at = ?
            where lease in (select lease from nodes where seen_at <= ?)
                and not exists (select 1 from steps s where s.run = runs.id and s.state in (1, 2))
            """;
        db.Sql(Free).Bind(now - Overdue).Bind(now - Patience).Run();
        db.Sql("delete from nodes where seen_at <= ? and not exists (select 1 from runs where runs.lease = nodes.lease)").Bind(now - Patience).Run();
        return db.Sql("select id from runs where wake_at <= ? and lease is distinct from ? order by wake_at, id limit ?")
            .Bind(now - Overdue).Bind(lease).Bind(Most).All(static row => row.Long(0));
    }
}
