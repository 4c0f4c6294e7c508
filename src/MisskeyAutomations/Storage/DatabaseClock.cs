namespace MisskeyAutomations.Storage;

/// <summary>
/// The clock of a database, read now and then and counted on in between by this machine's stopwatch: engines whose clocks are an hour
/// apart agree on it, and nobody's jumps.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private readonly StoreReaders _readers;
    private readonly TimeProvider _time;
    private volatile Reading _last;

    public DatabaseClock(StoreReaders readers, TimeProvider time)
    {
        (_readers, _time) = (readers, time);
        _last = Read();
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _last.At + _time.GetElapsedTime(_last.Stamp);

    /// <summary>Reads it anew.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The database cannot be read now; the last reading holds.</exception>
    public void Set() => _last = Read();

    private Reading Read()
    {
        // Rather late than early: what takes long is the way there as well as back.
        var stamp = _time.GetTimestamp();
        var milliseconds = _readers.Read(connection =>
            connection.ExecuteScalar<long>("select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)"));
        return new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), stamp);
    }

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
