namespace MisskeyAutomations.Storage;

/// <summary>The time-limited claims on runs.</summary>
internal static class Leases
{
    /// <summary>How long a claim lasts unless a save renews it.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(120);

    /// <summary>
    /// A new lease number for a process that has just taken the store's lock. Nobody else can be at work then, so all runs that the
    /// former process left under its lease can be claimed at once.
    /// </summary>
    public static long Renew(WriterConnection db, DateTimeOffset now)
    {
        db.Sql("update runs set lease = null, wake_at = ? where wake_at is not null and lease is not null").Bind(now).Run();
        const string Sql = """
            insert into settings (key, value) values ('lease', '1')
            on conflict (key) do update set value = cast(value as integer) + 1
            returning cast(value as integer)
            """;
        return db.Sql(Sql).Number()!.Value;
    }
}
