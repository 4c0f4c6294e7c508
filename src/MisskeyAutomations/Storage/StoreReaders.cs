using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Connections that only read, beside the writer. A read sees the last commit, and must be short: it keeps the log from shrinking.</summary>
internal sealed class StoreReaders(string connectionString) : IDisposable
{
    private const int MaxKept = 8;

    private readonly ConcurrentBag<SqliteConnection> _idle = [];

    /// <summary>Reads a store that an engine may have open; takes no lock and changes nothing.</summary>
    /// <param name="databasePath">Of a database that is there.</param>
    public static StoreReaders OpenBeside(string databasePath)
    {
        SQLitePCL.Batteries_V2.Init();
        return new(new SqliteConnectionStringBuilder { DataSource = databasePath, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
    }

    /// <summary>Reads with a connection of the pool.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = _idle.TryTake(out var idle) ? idle : Open();
            var value = read(connection);
            Return(connection);
            return value;
        }
        catch (SqliteException error)
        {
            connection?.Dispose();
            throw new StoreUnavailableException(StoreFaults.SentenceOfReading(error), error);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        connection.Execute("pragma query_only = on; pragma busy_timeout = 5000; pragma trusted_schema = off; pragma mmap_size = 0;");
        return connection;
    }

    private void Return(SqliteConnection connection)
    {
        if (_idle.Count < MaxKept)
        {
            _idle.Add(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
