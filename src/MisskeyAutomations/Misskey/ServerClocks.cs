using System.Collections.Concurrent;

namespace MisskeyAutomations.Misskey;

/// <summary>How far the clocks of servers are ahead of ours, as their latest answers told.</summary>
internal sealed class ServerClocks
{
    private readonly ConcurrentDictionary<string, TimeSpan> _ahead = new(StringComparer.OrdinalIgnoreCase);

    // A clock that is further off is none: a proxy's fancy, not to be counted with.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(7);

    /// <summary>An answer came now.</summary>
    public void Set(Uri server, DateTimeOffset its, DateTimeOffset ours)
    {
        if ((its - ours).Duration() <= Furthest)
        {
            _ahead[server.Authority] = its - ours;
        }
    }

    /// <summary>A time of ours by the server's clock; the same while nothing is known.</summary>
    public DateTimeOffset ToIts(Uri server, DateTimeOffset ours) => ours + _ahead.GetValueOrDefault(server.Authority);
}
