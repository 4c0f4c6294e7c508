using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage.Postgres;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>The open store: its lock, its writer and its readers. Opening is all or nothing; disposing writes what waits.</summary>
internal sealed class Store : IDisposable
{
    private readonly StoreFiles _files;

    private Store(StoreFiles files, BlackBox blackBox, StoreWriter writer, StoreReaders readers, StoreTroubles troubles, StoreSpace space, TimeProvider time, long lease)
    {
        _files = files;
        BlackBox = blackBox;
        Writer = writer;
        Readers = readers;
        Troubles = troubles;
        Space = space;
        Time = time;
        Lease = lease;
    }

    /// <summary>Knows at what the former process died.</summary>
    public BlackBox BlackBox { get; }

    /// <summary>Makes every change.</summary>
    public StoreWriter Writer { get; }

    /// <summary>Read beside it.</summary>
    public StoreReaders Readers { get; }

    /// <summary>What ails it.</summary>
    public StoreTroubles Troubles { get; }

    /// <summary>The room that it has.</summary>
    public StoreSpace Space { get; }

    /// <summary>Whether other engines may work on it at the same time.</summary>
    public bool IsShared => Writer.IsShared;

    /// <summary>The clock that leases go by: the same for all engines that share the store.</summary>
    public TimeProvider Time { get; }

    /// <summary>The number of this opening: on the embedded store, leases that bear another one belong to a process that is dead.</summary>
    public long Lease { get; }

    /// <summary>By what name this engine is known among those that may share the store: the same at each start on its data directory.</summary>
    public string Engine => _files.Engine;

    /// <summary>Whether its files could not be looked through before the start, after an end that was not in order.</summary>
    public bool NeedsWholeCheck { get; private init; }

    /// <summary>Until when another store than this one may have acted, because this one is a restored backup; null where none was.</summary>
    public DateTimeOffset? RestoredUntil { get; private init; }

    /// <summary>Opens the store of the options' directory, making it or bringing it up to date where needed.</summary>
    /// <exception cref="StoreLockedException">Another engine uses it.</exception>
    /// <exception cref="StoreInaccessibleException">It cannot be read or written.</exception>
    /// <exception cref="StoreTooNewException">A newer version wrote it.</exception>
    /// <exception cref="StoreMovedException">It was moved to PostgreSQL.</exception>
    /// <exception cref="StoreDamagedException">Its file is damaged, or gone.</exception>
    /// <exception cref="SqliteTooOldException">The SQLite library is not safe to use.</exception>
    public static Store Open(StoreOptions options, TimeProvider time, ILoggerFactory? loggers = null, Func<TimeSpan?>? uptime = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        var database = DatabaseOf(options);
        var files = StoreFiles.Claim(options);
        var readers = new StoreReaders(database);
        var troubles = new StoreTroubles(loggers.CreateLogger<StoreTroubles>(), time);
        var space = new StoreSpace(options, troubles);
        BlackBox? blackBox = null;
        StoreWriter? writer = null;
        try
        {
            MoveNote.Refuse(options);
            blackBox = BlackBox.Open(files.BlackBox);
            var needsWholeCheck = !database.IsShared && StoreInspection.Look(options, blackBox);
            MigrateIn(space, database);
            var clock = database.IsShared && options.UsesDatabaseClock ? (time as DatabaseClock ?? new DatabaseClock(time)).Follow(readers) : time;
            var commits = new CommitWatch(database, loggers.CreateLogger<CommitWatch>());
            writer = new(options, commits, space, troubles, StepsOf(database, time, uptime, loggers));
            var lease = Succeed(writer, commits, blackBox, clock);
            return new(files, blackBox, writer, readers, troubles, space, clock, lease)
            {
                NeedsWholeCheck = needsWholeCheck,
                RestoredUntil = RestoredStore.FindUntil(readers),
            };
        }
        catch (Exception error)
        {
            writer?.Dispose();
            readers.Dispose();
            blackBox?.Dispose();
            files.Dispose();
            if (Explain(error, database) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    // Takes over from the process that had the data directory before. The new lease.
    private static long Succeed(StoreWriter writer, CommitWatch commits, BlackBox blackBox, TimeProvider clock)
    {
        var (left, former) = (blackBox.ReadLeft(), blackBox.ReadFormerLease());
        Do(db => RestoredStore.StampIfOlder(db, former, clock.GetUtcNow()));
        var lease = Do(db => Leases.Renew(db, former, clock.GetUtcNow()));
        commits.Lease = lease;
        blackBox.Begin(Do(db => Deaths.Count(db, left, clock.GetUtcNow())), lease);
        return lease;

        T Do<T>(Func<WriterConnection, T> change) => writer.RunVitalAsync(change, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static StoreInaccessibleException? Explain(Exception error, Database database) => error switch
    {
        _ when (error as DbException ?? error.InnerException as DbException) is { } fault => database.Explain(fault),
        IOException => new(database.Name, $"{error.Message} {StoreFiles.AdviceOn(error)}", error),
        StoreUnavailableException => new(database.Name, error.Message, error),
        _ => null,
    };

    // The database's own clock is nobody's to put forward here, and a clock that a test moves has no machine that has been up.
    private static ClockSteps? StepsOf(Database database, TimeProvider time, Func<TimeSpan?>? uptime, ILoggerFactory loggers) =>
        database.IsShared || (uptime is null && time != TimeProvider.System) ? null : new(time, uptime ?? Uptime.Read, loggers.CreateLogger<ClockSteps>());

    // Where the disk is full, a start may need the ballast to write down that it is one.
    private static void MigrateIn(StoreSpace space, Database database)
    {
        try
        {
            database.Migrate();
        }
        catch (DbException full) when (database.TroubleOf(full) == StoreTroubleKind.Full && space.Spend())
        {
            database.Migrate();
        }
    }

    public void Dispose()
    {
        Readers.Dispose();
        Writer.Dispose();
        BlackBox.Dispose();
        _files.Dispose();
    }

    /// <summary>The database of some options; nothing is opened.</summary>
    /// <exception cref="StoreInaccessibleException">The connection string is wrong.</exception>
    public static Database DatabaseOf(StoreOptions options) =>
        options.Postgres is { } connection ? new PostgresDatabase(connection) : new SqliteDatabase(options.DatabasePath);
}
