using System.Data.Common;
using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>A store in a file of SQLite, for one engine.</summary>
/// <param name="path">The file.</param>
internal sealed class SqliteDatabase(string path) : Database
{
    private const int OldestSqlite = 3_051_003;

    /// <inheritdoc/>
    public override string Name => path;

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override bool PacksEventIds => true;

    /// <inheritdoc/>
    /// <exception cref="SqliteTooOldException">The SQLite library is not safe to use.</exception>
    public override void Migrate()
    {
        SQLitePCL.Batteries_V2.Init();
        if (sqlite3_libversion_number() < OldestSqlite)
        {
            throw new SqliteTooOldException(sqlite3_libversion().utf8_to_string());
        }

        var writing = ConnectionString(SqliteOpenMode.ReadWrite);
        SqliteWriter.Open(writing, this).Dispose();
        using (var connection = new SqliteConnection(writing))
        {
            connection.Open();
            if (connection.ExecuteScalar<long>("select count(*) from sqlite_schema where name = 'SchemaVersions'") > 0)
            {
                StoreMigrations.RefuseNewer(this, connection.Query<string>("select ScriptName from SchemaVersions order by SchemaVersionID"));
            }
        }

        StoreMigrations.Apply(this, DeployChanges.To.SqliteDatabase(writing));
    }

    /// <inheritdoc/>
    public override void Compact()
    {
        using var connection = SqliteCopies.Open(path, SqliteOpenMode.ReadWrite);
        connection.Execute("pragma secure_delete = on; vacuum; pragma wal_checkpoint(truncate);", commandTimeout: 0);
    }

    /// <inheritdoc/>
    public override WriterConnection OpenWriter() => SqliteWriter.Open(ConnectionString(SqliteOpenMode.ReadWrite), this);

    /// <inheritdoc/>
    public override DbConnection OpenReader()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadOnly));
        try
        {
            connection.Open();

            // Pages that are read often are in the system's own cache; each reader would keep 2 MiB of them besides.
            connection.Execute("pragma query_only = on; pragma busy_timeout = 5000; pragma trusted_schema = off; pragma mmap_size = 0; pragma cache_size = -512;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads, if this version wrote the store.</summary>
    /// <exception cref="StoreTooNewException">A newer version wrote it.</exception>
    /// <exception cref="StoreTooOldException">An older version wrote it.</exception>
    public DbConnection OpenCurrent()
    {
        var connection = OpenReader();
        try
        {
            List<string> applied = [.. connection.Query<string>("select ScriptName from SchemaVersions order by SchemaVersionID")];
            StoreMigrations.RefuseNewer(this, applied);
            StoreMigrations.RefuseOlder(this, applied);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Translate(string sql) => sql;

    /// <inheritdoc/>
    public override bool IsOfTheStore(DbException error) => error is SqliteException { SqliteErrorCode:
        SQLITE_FULL or SQLITE_IOERR or SQLITE_NOMEM or SQLITE_BUSY or SQLITE_LOCKED or SQLITE_CORRUPT or SQLITE_READONLY
        or SQLITE_CANTOPEN or SQLITE_PROTOCOL or SQLITE_NOTADB or SQLITE_INTERRUPT or SQLITE_PERM or SQLITE_AUTH };

    /// <inheritdoc/>
    public override bool NeedsNewConnection(DbException error) => error is SqliteException { SqliteErrorCode:
        SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PROTOCOL };

    /// <inheritdoc/>
    public override StoreTroubleKind TroubleOf(Exception error) => SqliteTroubles.KindOf(error, path);

    /// <inheritdoc/>
    public override string SentenceOfWriting(Exception error) => SqliteTroubles.SentenceOf(error, path);

    /// <inheritdoc/>
    public override string SentenceOfReading(DbException error) => (error as SqliteException)?.SqliteErrorCode switch
    {
        SQLITE_NOTADB or SQLITE_CORRUPT => "The store cannot be read: its file is damaged, or no database at all. Put a backup in its place, or name the engine's directory with --data.",
        SQLITE_ERROR when error.Message.Contains("no such", StringComparison.Ordinal) =>
            "The store cannot be read: its file holds nothing of an engine, or that of another version. Start the engine on it once, or name the engine's directory with --data.",
        SQLITE_CANTOPEN or SQLITE_PERM or SQLITE_AUTH => "The store cannot be read: its file cannot be opened. Ask as the user who runs the engine.",
        _ => $"The store cannot be read: {error.Message}",
    };

    /// <inheritdoc/>
    public override StoreInaccessibleException Explain(DbException error) => new(Name, SqliteTroubles.AdviceOn(error, path), error);

    private string ConnectionString(SqliteOpenMode mode) => new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString();
}
