using System.Collections.Concurrent;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Remembers the servers whose breaker has opened. Such a server is asked for a <c>ping</c> before it is given work again: the
/// request that tries the waters must not be one that nobody can take back.
/// </summary>
internal sealed class ServerProbe(LiveFeed feed)
{
    /// <summary>Does nothing, needs no permission, has no limit.</summary>
    public const string Endpoint = "ping";

    private readonly ConcurrentDictionary<string, bool> _doubtful = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether its breaker opened and has not closed since.</summary>
    public bool IsDoubtful(Uri server) => _doubtful.ContainsKey(server.Authority);

    /// <summary>Its breaker opened.</summary>
    public void Doubt(Uri server)
    {
        if (_doubtful.TryAdd(server.Authority, true))
        {
            feed.TellLost(server.Host);
        }
    }

    /// <summary>Its breaker closed.</summary>
    public void Trust(Uri server)
    {
        if (_doubtful.TryRemove(server.Authority, out _))
        {
            feed.TellFoundAgain(server.Host);
        }
    }
}
