using Microsoft.Data.Sqlite;
using MisskeyAutomations.Engine.Runs;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage;

/// <summary>The one connection that writes, with its prepared statements. Used on the writer's thread only.</summary>
internal sealed class WriterConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    private WriterConnection(SqliteConnection connection)
    {
        _connection = connection;
        Names = new(this);
    }

    /// <summary>The numbers of accounts, hooks and rules.</summary>
    public NameTable Names { get; }

    /// <summary>The runs that wait for budgets.</summary>
    public BudgetWaits Waiting { get; } = new();

    /// <summary>Whether a transaction is open. SQLite ends it by itself after some errors.</summary>
    public bool IsInTransaction => sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>The number of the row that was inserted last.</summary>
    public long LastInsertedId => sqlite3_last_insert_rowid(_connection.Handle!);

    public static WriterConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // 8 KiB pages hold two usual notes (4 KiB ones one) and took a third less processor time per row in WAL mode; the size takes
            // effect only while the database is empty. A checkpoint every 64 MiB keeps the pauses it makes rare.
            command.CommandText = """
                pragma page_size = 8192;
                pragma journal_mode = wal;
                pragma synchronous = full;
                pragma busy_timeout = 5000;
                pragma foreign_keys = on;
                pragma trusted_schema = off;
                pragma cell_size_check = on;
                pragma mmap_size = 0;
                pragma temp_store = memory;
                pragma cache_size = -16384;
                pragma journal_size_limit = 67108864;
                pragma wal_autocheckpoint = 8000;
                """;
            command.ExecuteNonQuery();
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement of this SQL, which must be a literal: it is found by reference and kept.</summary>
    public Statement Sql(string text)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            var code = sqlite3_prepare_v3(_connection.Handle!, text, SQLITE_PREPARE_PERSISTENT, out var handle);
            SqliteException.ThrowExceptionForRC(code, _connection.Handle!);
            statement = new(_connection.Handle!, handle);
            _statements.Add(text, statement);
        }

        return statement;
    }

    public void Begin() => Sql("begin immediate").Run();

    public void Commit() => Sql("commit").Run();

    /// <summary>Undoes the open transaction, if SQLite has not done so already.</summary>
    public void Rollback()
    {
        Names.Forget();
        if (IsInTransaction)
        {
            Sql("rollback").Run();
        }
    }

    public void Save() => Sql("savepoint operation").Run();

    public void Release() => Sql("release operation").Run();

    /// <summary>Undoes what was done since <see cref="Save"/>.</summary>
    public void Undo()
    {
        Names.Forget();
        Sql("rollback to operation").Run();
        Release();
    }

    /// <summary>Moves the log into the database and empties it, as far as readers let it.</summary>
    public void Checkpoint() => _ = sqlite3_wal_checkpoint_v2(_connection.Handle!, "main", SQLITE_CHECKPOINT_TRUNCATE, out _, out _);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
