using System.Collections.Concurrent;

namespace MisskeyAutomations.Outside;

/// <summary>Leaves a host alone for half a minute that failed five times in a row: runs come back to it, and a server that is down is not hammered.</summary>
internal sealed class HostBreaker(TimeProvider time)
{
    private const int Most = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Last)> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the host is left alone now.</summary>
    public bool IsOpen(string host) => _hosts.TryGetValue(host, out var state) && state.Failures >= Most && (time.GetUtcNow() - state.Last).Duration() < Rest;

    /// <summary>A call ended. After the rest, one more failure begins the next.</summary>
    public void Tell(string host, bool isWell)
    {
        if (isWell)
        {
            _hosts.TryRemove(host, out _);
        }
        else
        {
            _hosts.AddOrUpdate(host, _ => (1, time.GetUtcNow()), (_, state) => (state.Failures + 1, time.GetUtcNow()));
        }
    }
}

/// <summary>The host is left alone for a while.</summary>
internal sealed class HostLeftAloneException() : Exception("The host failed several times in a row.");
