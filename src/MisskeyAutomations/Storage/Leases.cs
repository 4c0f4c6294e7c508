using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>The time-limited claims on runs.</summary>
internal static class Leases
{
    /// <summary>How long a claim lasts unless a save renews it.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(120);

    /// <summary>
    /// A new lease number for a process that has just taken the lock of its data directory. The process that had it before is dead, so
    /// that all it left under its lease can be claimed at once.
    /// </summary>
    /// <param name="db">The writer's connection.</param>
    /// <param name="former">The lease of that process, where others may be at work on the same store.</param>
    /// <param name="now">The time.</param>
    public static long Renew(WriterConnection db, long former, DateTimeOffset now)
    {
        if (db.Database.IsShared)
        {
            Nodes.Bury(db, former, now);
        }
        else
        {
            db.Sql("update runs set lease = null, wake_at = ? where wake_at is not null and lease is not null").Bind(now).Run();
        }

        // Where engines share a store, a number is never given twice, though an older state of the store be put back: then it is not below the time.
        const string Sql = """
            insert into settings (key, value) values ('lease', cast(? as text))
            on conflict (key) do update set value = cast(case when cast(settings.value as bigint) < ? then ? else cast(settings.value as bigint) + 1 end as text)
            returning cast(value as bigint)
            """;
        var least = db.Database.IsShared ? now.ToUnixTimeMilliseconds() : 1;
        var lease = db.Sql(Sql).Bind(least).Bind(least).Bind(least).Number()!.Value;
        if (db.Database.IsShared)
        {
            Nodes.Beat(db, lease, now);
        }

        return lease;
    }
}
