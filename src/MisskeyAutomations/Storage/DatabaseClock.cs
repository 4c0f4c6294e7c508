namespace MisskeyAutomations.Storage;

/// <summary>
/// The clock of a database, read now and then and counted on in between by this machine's stopwatch: engines whose clocks are an hour
/// apart agree on it, and nobody's jumps. Until the database can be asked it is the machine's.
/// </summary>
/// <param name="time">The machine's clock, stopwatch and timers.</param>
internal sealed class DatabaseClock(TimeProvider time) : TimeProvider
{
    private volatile StoreReaders? _readers;
    private volatile Reading? _last;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _last is { } last ? last.At + time.GetElapsedTime(last.Stamp) : time.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Goes by a database from now on.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The database cannot be read.</exception>
    public DatabaseClock Follow(StoreReaders readers)
    {
        _readers = readers;
        Set();
        return this;
    }

    /// <summary>Reads it anew.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The database cannot be read now; the last reading holds.</exception>
    public void Set()
    {
        if (_readers is not { } readers)
        {
            return;
        }

        // Rather late than early: what takes long is the way there as well as back.
        var stamp = time.GetTimestamp();
        var milliseconds = readers.Read(connection =>
            connection.ExecuteScalar<long>("select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)"));
        _last = new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), stamp);
    }

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
