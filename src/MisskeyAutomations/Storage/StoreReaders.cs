using System.Collections.Concurrent;
using System.Data.Common;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Connections that only read, beside the writer. A read sees the last commit, and must be short: it keeps the log from shrinking.</summary>
internal sealed class StoreReaders(Database database) : IDisposable
{
    private const int MaxKept = 8;

    private readonly ConcurrentBag<StoreReader> _idle = [];

    /// <summary>What is read.</summary>
    public Database Database => database;

    /// <summary>Reads with a connection of the pool.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public T Read<T>(Func<StoreReader, T> read)
    {
        StoreReader? connection = null;
        try
        {
            connection = _idle.TryTake(out var idle) ? idle : new StoreReader(database.OpenReader(), database);
            var value = read(connection);
            Return(connection);
            return value;
        }
        catch (DbException error)
        {
            connection?.Dispose();
            throw new StoreUnavailableException(database.SentenceOfReading(error), error);
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

    private void Return(StoreReader connection)
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
