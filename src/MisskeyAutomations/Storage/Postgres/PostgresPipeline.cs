using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>
/// The way to a server, on which statements whose results nobody reads wait for the next one that somebody does: they are sent together, since
/// each answer that is waited for costs a round trip.
/// </summary>
internal sealed class PostgresPipeline(NpgsqlConnection connection)
{
    private readonly List<NpgsqlBatchCommand> _waiting = [];

    /// <summary>Has a statement wait.</summary>
    public void Add(NpgsqlBatchCommand statement) => _waiting.Add(statement);

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (_waiting.Count > 0)
        {
            using var batch = Take();
            batch.ExecuteNonQuery();
        }
    }

    /// <summary>Sends a statement after what waits. The number of rows that it changed.</summary>
    public int Count(NpgsqlBatchCommand statement)
    {
        Add(statement);
        Flush();
        return statement.RecordsAffected;
    }

    /// <summary>Sends a statement after what waits, and reads its rows.</summary>
    public T Read<T>(NpgsqlBatchCommand statement, Func<NpgsqlDataReader, T> read)
    {
        Add(statement);
        using var batch = Take();
        using var rows = batch.ExecuteReader();
        return read(rows);
    }

    /// <summary>What waits is not sent any more.</summary>
    public void Forget() => _waiting.Clear();

    private NpgsqlBatch Take()
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var statement in _waiting)
        {
            batch.BatchCommands.Add(statement);
        }

        _waiting.Clear();
        return batch;
    }
}
