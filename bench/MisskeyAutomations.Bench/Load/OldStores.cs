using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Stores as years leave them behind, made in a minute: what one event and one waiting run left is repeated by SQL.</summary>
internal static class OldStores
{
    /// <summary>Adds decided events, each with a body of about a kilobyte and its subject.</summary>
    public static void AddEvents(string data, int count, DateTimeOffset now) => Execute(data, $"""
        create temp table seen as select (select max(id) from deliveries) as last;
        with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})
        insert into deliveries (hook, created_at, event_id, source, received_at, scrubbed, state, type, verdicts, note)
            select d.hook, {Milliseconds(now)} - {count} + n.i, randomblob(16), d.source, {Milliseconds(now)} - {count} + n.i, 0, 1, 'mention', d.verdicts, null
            from n cross join (select * from deliveries order by id limit 1) d;
        insert into bodies (delivery, body) select id, cast(hex(randomblob(500)) as blob) from deliveries where id > (select last from seen);
        insert into subjects (account, key, delivery, readable) select 1, 'note:' || lower(hex(randomblob(8))), id, 1 from deliveries where id > (select last from seen);
        """);

    /// <summary>Adds runs that wait as the one that is there does: some fall due one after the other from a moment on, the others a day later.</summary>
    public static void AddWaiting(string data, int count, int dueSoon, DateTimeOffset from, TimeSpan apart) => Execute(data, $"""
        create temp table model as select * from runs where state = 1 order by id limit 1;
        with recursive n(i, at) as (
            select 0, {Milliseconds(from)}
            union all
            select i + 1, case when i + 1 < {dueSoon} then {Milliseconds(from)} + (i + 1) * {(long)apart.TotalMilliseconds} else {Milliseconds(from)} + 86400000 + i end
            from n where i < {count - 1})
        insert into runs (account, delivery, subject, version, dry_run, state, phase, branch, waits_for, due_at, event_at, created_at, waited, seed, attempts, epoch, wake_at)
            select m.account, m.delivery, m.subject, m.version, 0, 1, m.phase, m.branch, m.waits_for, n.at, m.event_at, m.created_at, m.waited, n.i, 0, 1, n.at
            from n cross join model m;
        """);

    /// <summary>How late the runs were that fell due one after the other: their milliseconds, in order.</summary>
    public static List<double> Lateness(string data, int dueSoon, DateTimeOffset from, TimeSpan apart)
    {
        using var connection = Open(data);
        using var command = connection.CreateCommand();

        // The seed is the number in the row of runs; the step's time is when it was done.
        command.CommandText = $"select s.at - ({Milliseconds(from)} + r.seed * {(long)apart.TotalMilliseconds}) from runs r join steps s on s.run = r.id where r.state = 4 and r.seed < {dueSoon} order by 1";
        using var reader = command.ExecuteReader();
        var late = new List<double>();
        while (reader.Read())
        {
            late.Add(reader.GetInt64(0));
        }

        return late;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static void Execute(string data, FormattableString sql)
    {
        using var connection = Open(data);
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"pragma synchronous = off; begin; {sql.ToString(CultureInfo.InvariantCulture)}; commit; pragma wal_checkpoint(truncate);";
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string data)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "automations.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
