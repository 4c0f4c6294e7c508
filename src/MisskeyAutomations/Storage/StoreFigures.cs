using Microsoft.Extensions.Options;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>How much is in the store, for whoever watches over it. Each figure is read from an index, and has no part in any change.</summary>
internal sealed class StoreFigures(Store store, IOptions<StoreOptions> options)
{
    private readonly LastEvents _lastEvents = new(store);

    /// <summary>How many deliveries are not decided yet, and when the oldest of them came; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public (long Count, DateTimeOffset? Oldest) CountUndecided()
    {
        const string Count = "select count(*) from deliveries d indexed by deliveries_undecided where d.state = 0";
        const string Oldest = "select d.received_at from deliveries d indexed by deliveries_undecided where d.state = 0 order by d.id limit 1";
        return store.Readers.Read(connection => (connection.ExecuteScalar<long>(Count), TimeOf(connection.QueryFirstOrDefault<long?>(Oldest))));
    }

    /// <summary>How many runs wait, by what for.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyDictionary<WaitReason, long> CountWaiting() => new RunQueries(store.Readers).CountWaiting();

    /// <summary>How many steps were sent and never confirmed.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public long CountUncertain() => store.Readers.Read(connection => connection.ExecuteScalar<long>(
        "select count(*) from steps s indexed by steps_on_their_way where s.state in (1, 2) and s.state = 2"));

    /// <summary>How many events and runs are set aside.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public (long Events, long Runs) CountSetAside()
    {
        const string Runs = "select count(*) from deaths d join runs r on r.id = d.id where d.kind = 1 and r.state = 6";
        return store.Readers.Read(connection => (
            connection.ExecuteScalar<long>("select count(*) from deliveries d indexed by deliveries_quarantined where d.state = 5"),
            connection.ExecuteScalar<long>(Runs)));
    }

    /// <summary>How many calls count for a budget of an account now.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public long CountUsed(string account, string budget, Budget law)
    {
        const string Sql = """
            select count(*) from budget_tokens t join accounts a on a.id = t.account where a.name = @account and t.bucket = @budget and t.at > @since
            """;
        var since = (store.Time.GetUtcNow() - law.Within).ToUnixTimeMilliseconds();
        return store.Readers.Read(connection => connection.ExecuteScalar<long>(Sql, new { account, budget, since }));
    }

    /// <summary>Whom accounts do not answer for now, because both answered each other too often.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<OpenBreaker> ListBreakers()
    {
        const string Sql = """
            select a.name as account, breakers.name, breakers.until from breakers join accounts a on a.id = breakers.account
            where breakers.until > @now and substr(breakers.name, 1, 4) <> 'dry:'
            order by breakers.until, breakers.name limit 100
            """;
        return store.Readers.Read(connection => connection.Query<(string Account, string Name, long Until)>(Sql, new { now = store.Time.GetUtcNow().ToUnixTimeMilliseconds() })
            .Select(row => new OpenBreaker(row.Account, row.Name, DateTimeOffset.FromUnixTimeMilliseconds(row.Until))).ToList());
    }

    /// <summary>When the last event of an account came by a webhook or its stream; null when none ever did.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public DateTimeOffset? FindLastEvent(string account) => _lastEvents.Find(account);

    /// <summary>The size of the database in bytes; of the whole database where it is shared.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public long Size() => store.IsShared
        ? store.Readers.Read(connection => connection.ExecuteScalar<long>("select pg_database_size(current_database())"))
        : LengthOf(options.Value.DatabasePath) ?? 0;

    /// <summary>The size of the write-ahead log in bytes; null where the store is shared.</summary>
    public long? LogSize() => store.IsShared ? null : LengthOf(options.Value.DatabasePath + "-wal") ?? 0;

    /// <summary>What the engine may still use of the disk of its data directory, in bytes; null when that cannot be told.</summary>
    public long? FreeDisk() => Disk()?.AvailableFreeSpace;

    /// <summary>The size of that disk in bytes; null when that cannot be told.</summary>
    public long? DiskSize() => Disk()?.TotalSize;

    /// <summary>Whether nothing keeps changes from being written.</summary>
    public bool IsWritable => store.Troubles.Current is not { Refuses: true };

    private DriveInfo? Disk()
    {
        try
        {
            var disk = new DriveInfo(Path.GetFullPath(options.Value.DataDirectory));
            return disk.IsReady ? disk : null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static long? LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : null;
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

/// <summary>Somebody whom an account does not answer for now.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Name">Whom.</param>
/// <param name="Until">Until when, if nobody asks meanwhile.</param>
internal sealed record OpenBreaker(string Account, string Name, DateTimeOffset Until);
