using Dapper;

namespace MisskeyAutomations.Storage;

/// <summary>
/// The clock of a database, read now and then and counted on in between by this machine's stopwatch: engines whose clocks are an hour
/// apart agree on it, and nobody's jumps.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private volatile Reading _last;

    public DatabaseClock(Database database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _last = Read();
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _last.At + _time.GetElapsedTime(_last.Stamp);

    /// <summary>Reads it anew.</summary>
    public void Set() => _last = Read();

    private Reading Read()
    {
        using var connection = _database.OpenReader();

        // Rather late than early: what takes long is the way there as well as back.
        var stamp = _time.GetTimestamp();
        var milliseconds = connection.ExecuteScalar<long>("select floor(extract(epoch from clock_timestamp()) * 1000)::bigint");
        return new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), stamp);
    }

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
