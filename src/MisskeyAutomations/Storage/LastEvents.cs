using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// When something last came from Misskey for each account, by a webhook or its stream; what the clock and catching up told does not count. What was
/// stored since the last look is gone through at the next, so that a look costs what is new and nothing else.
/// </summary>
internal sealed class LastEvents(Store store)
{
    // At the first look: enough to find all that are not silent.
    private const int AtFirst = 50_000;

    // Engines that share a store commit in another order than they number.
    private const int MayComeLate = 1_000;

    private readonly Lock _oneAtATime = new();
    private readonly Dictionary<long, long?> _lastOfHooks = [];
    private long? _seen;

    /// <summary>The one of an account; null when nothing ever came.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public DateTimeOffset? Find(string account)
    {
        const string Hooks = "select h.id from hooks h join accounts a on a.id = h.account where a.name = @account";
        lock (_oneAtATime)
        {
            return store.Readers.Read(connection =>
            {
                TakeNew(connection);
                var last = connection.Query<long>(Hooks, new { account }).ToList().Max(hook => LastOf(connection, hook));
                return last is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : (DateTimeOffset?)null;
            });
        }
    }

    private void TakeNew(StoreReader connection)
    {
        const string Newest = "select max(d.id) from deliveries d";
        const string New = """
            select +d.hook, max(d.received_at) from deliveries d where d.id > @since and d.id <= @newest and d.source in (0, 1) group by 1
            """;
        if (connection.ExecuteScalar<long?>(Newest) is not { } newest || newest == _seen)
        {
            return;
        }

        var since = _seen is { } seen ? seen - MayComeLate : newest - AtFirst;
        foreach (var (hook, at) in connection.Query<(long Hook, long At)>(New, new { since, newest }).ToList())
        {
            _lastOfHooks[hook] = Math.Max(at, _lastOfHooks.GetValueOrDefault(hook) ?? at);
        }

        _seen = newest;
    }

    // Those of streams bear no time by which they could be found.
    private long? LastOf(StoreReader connection, long hook)
    {
        const string Sent = """
            select d.received_at from deliveries d where d.hook = @hook and d.created_at > 0 and d.source in (0, 1) order by d.created_at desc, d.event_id desc limit 1
            """;
        const string Streamed = "select max(d.received_at) from deliveries d where d.hook = @hook and d.created_at = 0 and d.source = 1";
        if (!_lastOfHooks.TryGetValue(hook, out var last))
        {
            var (sent, streamed) = (connection.QueryFirstOrDefault<long?>(Sent, new { hook }), connection.ExecuteScalar<long?>(Streamed, new { hook }));
            _lastOfHooks[hook] = last = sent > streamed ? sent : streamed ?? sent;
        }

        return last;
    }
}
