using System.Globalization;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>
/// What keeps a restored backup from acting twice. Between the backup and the end of the store that it replaces an engine went on, and what it
/// did then is not known: so nothing is done about that time any more.
/// </summary>
internal static class RestoredStore
{
    /// <summary>The reason of runs that were ended by it.</summary>
    public const string Reason = "a backup was restored, and this run may have gone on since the backup was made";

    private const string Epoch = "store-epoch";
    private const string Until = "restored-until";

    /// <summary>
    /// Begins a new epoch: events until then are not acted on, and runs that may have gone on by then are ended. Those that wait for a later time go on. What was on
    /// its way is uncertain.
    /// </summary>
    /// <returns>How many runs were ended.</returns>
    public static int Stamp(WriterConnection db, DateTimeOffset until)
    {
        const string Steps = """
            update steps set state = 2, had_effect = 1, reason = ? where state in (1, 2) and run in (select id from runs where state < 4 and not (state = 1 and waits_for in (1, 2) and due_at > ?))
            """;
        const string Runs = """
            update runs set state = ?, waits_for = 0, due_at = null, wake_at = null, lease = null, waits_since = null, reason = ?, epoch = epoch + 1
            where state < 4 and not (state = 1 and waits_for in (1, 2) and due_at > ?)
            """;

        // A promised place may have been taken: it counts.
        const string Places = "update limit_places set promised = 0, kept = 1 where promised = 1 and not exists (select 1 from runs r where r.id = run and r.state < 4)";
        const string Set = "insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value";
        const string Next = """
            insert into settings (key, value) values (?, '1') on conflict (key) do update set value = cast(cast(settings.value as bigint) + 1 as text)
            """;
        // Who has left since the backup was told of already: the next comparison begins anew. And who was signed out since stays so.
        foreach (var sql in (string[])["delete from followers", "delete from follower_marks", $"delete from settings where key like '{Settings.Sessions}%'"])
        {
            db.Sql(sql).Run();
        }

        db.Sql(Steps).Bind(Reason).Bind(until).Run();
        var ended = db.Sql(Runs).Bind((long)RunState.Cancelled).Bind(Reason).Bind(until).RunAndCount();
        db.Sql(Places).Run();
        db.Sql(Set).Bind(Until).Bind(until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)).Run();
        db.Sql(Next).Bind(Epoch).Run();
        return ended;
    }

    /// <summary>Stamps a store that is older than the last one that an engine of this data directory has opened: somebody put an old copy in its place.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool StampIfOlder(WriterConnection db, long formerLease, DateTimeOffset now)
    {
        var isOlder = formerLease > 0 && (db.Sql("select cast(value as bigint) from settings where key = 'lease'").Number() ?? 0) < formerLease;
        if (isOlder)
        {
            Stamp(db, now);
        }

        return isOlder;
    }

    /// <summary>Until when nothing is acted on; null where no backup was restored.</summary>
    public static DateTimeOffset? FindUntil(StoreReaders readers) => readers.Read(connection =>
        connection.QueryFirstOrDefault<string>("select value from settings where key = @Until", new { Until })) is { } text
        ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture)) : null;
}
