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

    private Store(StoreFiles files, BlackBox blackBox, StoreWriter writer, StoreReaders readers, TimeProvider time, long lease)
    {
        _files = files;
        BlackBox = blackBox;
        Writer = writer;
        Readers = readers;
        Time = time;
        Lease = lease;
    }

    /// <summary>Knows at what the former process died.</summary>
    public BlackBox BlackBox { get; }

    /// <summary>Makes every change.</summary>
    public StoreWriter Writer { get; }

    /// <summary>Read beside it.</summary>
    public StoreReaders Readers { get; }

    /// <summary>Whether other engines may work on it at the same time.</summary>
    public bool IsShared => Writer.IsShared;

    /// <summary>The clock that leases go by: the same for all engines that share the store.</summary>
    public TimeProvider Time { get; }

    /// <summary>The number of this opening: on the embedded store, leases that bear another one belong to a process that is dead.</summary>
    public long Lease { get; }

    /// <summary>Whether its files could not be looked through before the start, after an end that was not in order.</summary>
    public bool NeedsWholeCheck { get; private init; }

    /// <summary>Until when another store than this one may have acted, because this one is a restored backup; null where none was.</summary>
    public DateTimeOffset? RestoredUntil { get; private init; }

    /// <summary>Opens the store of the options' directory, making it or bringing it up to date where needed.</summary>
    /// <exception cref="StoreLockedException">Another engine uses it.</exception>
    /// <exception cref="StoreInaccessibleException">It cannot be read or written.</exception>
    /// <exception cref="StoreTooNewException">A newer version wrote it.</exception>
    /// <exception cref="StoreDamagedException">Its file is damaged, or gone.</exception>
    /// <exception cref="SqliteTooOldException">The SQLite library is not safe to use.</exception>
    public static Store Open(StoreOptions options, TimeProvider time, ILoggerFactory? loggers = null)
    {
        var database = DatabaseOf(options);
        var files = StoreFiles.Claim(options);
        var blackBox = BlackBox.Open(files.BlackBox);
        var readers = new StoreReaders(database);
        StoreWriter? writer = null;
        try
        {
            var needsWholeCheck = !database.IsShared && StoreInspection.Look(options, blackBox);
            database.Migrate();
            var clock = database.IsShared && options.UsesDatabaseClock ? new DatabaseClock(readers, time) : time;
            writer = new(options, database, (loggers ?? NullLoggerFactory.Instance).CreateLogger<StoreWriter>());
            var (left, former) = (blackBox.ReadLeft(), blackBox.ReadFormerLease());
            writer.RunAsync(db => RestoredStore.StampIfOlder(db, former, clock.GetUtcNow()), CancellationToken.None).GetAwaiter().GetResult();
            var lease = writer.RunAsync(db => Leases.Renew(db, former, clock.GetUtcNow()), CancellationToken.None).GetAwaiter().GetResult();
            blackBox.Begin(writer.RunAsync(db => Deaths.Count(db, left, clock.GetUtcNow()), CancellationToken.None).GetAwaiter().GetResult(), lease);
            return new(files, blackBox, writer, readers, clock, lease) { NeedsWholeCheck = needsWholeCheck, RestoredUntil = RestoredStore.FindUntil(readers) };
        }
        catch (Exception error)
        {
            writer?.Dispose();
            readers.Dispose();
            blackBox.Dispose();
            files.Dispose();
            if (error is DbException or StoreUnavailableException)
            {
                throw new StoreInaccessibleException(database.Name, error.Message, error);
            }

            throw;
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
