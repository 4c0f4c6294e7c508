using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Connections that only read, beside the writer. A read sees the last commit, and must be short: it keeps the log from shrinking.</summary>
internal sealed class StoreReaders(Database database) : IDisposable
{
    // A file is opened quickly, and each connection to it holds memory; a server is asked for a connection long.
    private readonly int _maxKept = database.IsShared ? 8 : 4;

    // The last that was used is used next, so that those which many readers at once needed lie idle, and their memory is not touched.
    private readonly ConcurrentStack<StoreReader> _idle = [];

    /// <summary>What is read.</summary>
    public Database Database => database;

    /// <summary>Reads with a connection of the pool.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public T Read<T>(Func<StoreReader, T> read)
    {
        try
        {
            return TryIdle(read, out var value) ? value : With(new StoreReader(database.OpenReader(), database), read);
        }
        catch (DbException error)
        {
            throw new StoreUnavailableException(database.SentenceOfReading(error), error);
        }
    }

    public void Dispose() => Clear();

    // One that lay idle may have lost its server since, and so have the others: reading changes nothing, so it is done again with a new one.
    private bool TryIdle<T>(Func<StoreReader, T> read, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!_idle.TryPop(out var connection))
        {
            return false;
        }

        try
        {
            value = With(connection, read);
            return true;
        }
        catch (DbException) when (connection.IsBroken)
        {
            Clear();
            return false;
        }
    }

    private T With<T>(StoreReader connection, Func<StoreReader, T> read)
    {
        var isWhole = false;
        try
        {
            var value = read(connection);
            isWhole = true;
            return value;
        }
        finally
        {
            if (isWhole)
            {
                Return(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
    }

    private void Clear()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }

    private void Return(StoreReader connection)
    {
        if (_idle.Count < _maxKept)
        {
            _idle.Push(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
