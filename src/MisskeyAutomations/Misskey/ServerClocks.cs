using System.Collections.Concurrent;

namespace MisskeyAutomations.Misskey;

/// <summary>What time it is by the clocks of servers, as their latest answers told; counted on by our stopwatch, whatever becomes of our clock.</summary>
internal sealed class ServerClocks(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.OrdinalIgnoreCase);

    // A clock that is further off is none: a proxy's fancy, not to be counted with.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(7);

    /// <summary>An answer came now.</summary>
    public void Set(Uri server, DateTimeOffset its)
    {
        if ((its - time.GetUtcNow()).Duration() <= Furthest)
        {
            _readings[server.Authority] = new(its, time.GetTimestamp());
        }
    }

    /// <summary>A time by our clock as it goes now, by the server's clock; the same while nothing is known.</summary>
    public DateTimeOffset ToIts(Uri server, DateTimeOffset ours) => _readings.TryGetValue(server.Authority, out var reading)
        ? reading.At + time.GetElapsedTime(reading.Stamp) - (time.GetUtcNow() - ours) : ours;

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
