using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Inbox;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage;

/// <summary>The open store: its lock, its writer and its readers. Opening is all or nothing; disposing writes what waits.</summary>
internal sealed class Store : IDisposable
{
    private const int OldestSqlite = 3_051_003;

    private readonly StoreFiles _files;

    private Store(StoreFiles files, BlackBox blackBox, StoreWriter writer, StoreReaders readers, long lease)
    {
        _files = files;
        BlackBox = blackBox;
        Writer = writer;
        Readers = readers;
        Lease = lease;
    }

    /// <summary>Knows at what the former process died.</summary>
    public BlackBox BlackBox { get; }

    /// <summary>Makes every change.</summary>
    public StoreWriter Writer { get; }

    /// <summary>Read beside it.</summary>
    public StoreReaders Readers { get; }

    /// <summary>The number of this opening: leases that bear another one belong to a process that is dead.</summary>
    public long Lease { get; }

    /// <summary>Opens the store of the options' directory, making it or bringing it up to date where needed.</summary>
    /// <exception cref="StoreLockedException">Another engine uses it.</exception>
    /// <exception cref="StoreInaccessibleException">It cannot be read or written.</exception>
    /// <exception cref="StoreTooNewException">A newer version wrote it.</exception>
    /// <exception cref="SqliteTooOldException">The SQLite library is not safe to use.</exception>
    public static Store Open(StoreOptions options, TimeProvider time, ILoggerFactory? loggers = null)
    {
        SQLitePCL.Batteries_V2.Init();
        if (sqlite3_libversion_number() < OldestSqlite)
        {
            throw new SqliteTooOldException(sqlite3_libversion().utf8_to_string());
        }

        var files = StoreFiles.Claim(options);
        var blackBox = BlackBox.Open(files.BlackBox);
        StoreWriter? writer = null;
        try
        {
            var path = options.DatabasePath;
            var writing = ConnectionString(path, SqliteOpenMode.ReadWrite);
            WriterConnection.Open(writing).Dispose();
            StoreMigrations.Apply(path, writing);
            writer = new(options, writing, (loggers ?? NullLoggerFactory.Instance).CreateLogger<StoreWriter>());
            var lease = writer.RunAsync(db => Leases.Renew(db, time.GetUtcNow()), CancellationToken.None).GetAwaiter().GetResult();
            var left = blackBox.ReadLeft();
            blackBox.Begin(writer.RunAsync(db => Deaths.Count(db, left, time.GetUtcNow()), CancellationToken.None).GetAwaiter().GetResult());
            return new(files, blackBox, writer, new(ConnectionString(path, SqliteOpenMode.ReadOnly)), lease);
        }
        catch (Exception error)
        {
            writer?.Dispose();
            blackBox.Dispose();
            files.Dispose();
            if (error is SqliteException or StoreUnavailableException)
            {
                throw new StoreInaccessibleException(options.DatabasePath, error.Message, error);
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

    private static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString();
}
