using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>The writer's connection to SQLite.</summary>
internal sealed class SqliteWriter : WriterConnection
{
    // 64 MiB of the log. With little room on the disk it is emptied after 2 MiB.
    private const int PagesPerCheckpoint = 8_000;
    private const int PagesPerThriftyCheckpoint = 256;
    private const int PageSize = 8_192;
    private const int Patience = 5_000;
    private const int ShortPatience = 200;

    private readonly SqliteConnection _connection;

    // What a process that was killed left in the log counts as well, and nobody knows how much it is.
    private int _pages = PagesPerCheckpoint;
    private int _pagesLeft;

    private SqliteWriter(SqliteConnection connection, Database database)
        : base(database) => _connection = connection;

    /// <inheritdoc/>
    public override bool IsInTransaction => sqlite3_get_autocommit(_connection.Handle!) == 0;

    public static SqliteWriter Open(string connectionString, Database database)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // 8 KiB pages hold two usual notes (4 KiB ones one) and took a third less processor time per row in WAL mode; the size takes
            // effect only while the database is empty. Checkpoints are made by Tidy: SQLite keeps to itself how its own end.
            command.CommandText = """
                pragma page_size = 8192;
                pragma journal_mode = wal;
                pragma synchronous = full;
                pragma busy_timeout = 5000;
                pragma foreign_keys = on;
                pragma trusted_schema = off;
                pragma cell_size_check = on;
                pragma mmap_size = 0;
                pragma secure_delete = on;
                pragma temp_store = memory;
                pragma cache_size = -16384;
                pragma journal_size_limit = 67108864;
                pragma wal_autocheckpoint = 0;
                """;
            command.ExecuteNonQuery();
            return new(connection, database);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Begin(bool isExclusive) => Sql("begin immediate").Run();

    /// <inheritdoc/>
    public override void Commit(CommitMark mark) => Sql("commit").Run();

    /// <inheritdoc/>
    public override void WaitForOthers(bool isShort) => _ = sqlite3_busy_timeout(_connection.Handle!, isShort ? ShortPatience : Patience);

    /// <summary>Moves the log into the database once it is long, rarely, since whoever waits for the writer waits for that.</summary>
    /// <inheritdoc/>
    public override long Tidy(bool isThrifty)
    {
        _ = sqlite3_db_status(_connection.Handle!, SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
        _pages += written;
        if (_pages >= (isThrifty ? PagesPerThriftyCheckpoint : PagesPerCheckpoint) || (written == 0 && (_pagesLeft > 0 || (isThrifty && _pages > 0))))
        {
            Empty(isThrifty);
        }

        return (long)_pagesLeft * PageSize;
    }

    /// <summary>Moves the log into the database and empties it, as far as readers let it.</summary>
    public override void Checkpoint() => _ = sqlite3_wal_checkpoint_v2(_connection.Handle!, "main", SQLITE_CHECKPOINT_TRUNCATE, out _, out _);

    /// <inheritdoc/>
    protected override Statement Prepare(string text)
    {
        var code = sqlite3_prepare_v3(_connection.Handle!, text, SQLITE_PREPARE_PERSISTENT, out var handle);
        SqliteException.ThrowExceptionForRC(code, _connection.Handle!);
        return new SqliteStatement(_connection.Handle!, handle);
    }

    /// <inheritdoc/>
    protected override void UndoAll() => Sql("rollback").Run();

    /// <inheritdoc/>
    protected override void Close() => _connection.Dispose();

    // The passive kind waits for nobody; the other one cuts the file off, where nobody reads it any more.
    private void Empty(bool isThrifty)
    {
        Checked(sqlite3_wal_checkpoint_v2(_connection.Handle!, "main", SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var moved));
        var wasLong = _pagesLeft > PagesPerCheckpoint;
        _pages = 0;
        _pagesLeft = Math.Max(0, inLog - moved);
        if (_pagesLeft == 0 && (isThrifty || wasLong))
        {
            WaitForOthers(isShort: true);
            var code = sqlite3_wal_checkpoint_v2(_connection.Handle!, "main", SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
            WaitForOthers(isShort: false);
            Checked(code == SQLITE_BUSY ? SQLITE_OK : code);
        }
    }

    private void Checked(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_BUSY or SQLITE_LOCKED))
        {
            throw new SqliteException($"SQLite error {code}: {sqlite3_errmsg(_connection.Handle!).utf8_to_string()}", code & 0xff, sqlite3_extended_errcode(_connection.Handle!));
        }
    }
}
