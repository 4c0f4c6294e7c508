using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Events that are on disk and have no subject yet: not decided, or set aside. Whatever the engine died at must not come back by another
/// way.
/// </summary>
internal static class UnsettledEvents
{
    private const int Most = 1_000;

    /// <summary>The events that no such delivery of the account tells already, and how many of them are left out.</summary>
    public static (IReadOnlyList<ToldEvent> Others, int Known) Without(StoreReaders readers, string account, IReadOnlyList<ToldEvent> told)
    {
        if (told.Count == 0)
        {
            return (told, 0);
        }

        var unsettled = List(readers, account).ToLookup(one => one.Subject, one => one.At);
        var others = told.Where(one => !unsettled[one.Subject].Any(at => !one.Subject.Recurs || (at - one.At).Duration() <= Subject.Window)).ToList();
        return (others, told.Count - others.Count);
    }

    // What does not fit may come back by another way: it is decided a second time or set aside again, which does no harm. What the engine died at is known
    // by its deaths.
    private static List<(Subject Subject, DateTimeOffset At)> List(StoreReaders readers, string account)
    {
        // The few that are unsettled first: by the account would be through all that it ever got.
        const string Numbers = """
            select d.id, d.state, length(b.body)
            from (select * from (select id from deliveries indexed by deliveries_quarantined where state = 5 order by id desc limit @Most) q
                union all select * from (select id from deliveries indexed by deliveries_undecided where state = 0 order by id limit @Most) w) u
            cross join deliveries d
            join hooks h on h.id = d.hook
            join accounts a on a.id = h.account
            join bodies b on b.delivery = d.id
            where d.id = u.id and a.name = @account
            """;
        const string Sql = """
            select d.source, d.received_at, d.scrubbed, b.body from deliveries d join bodies b on b.delivery = d.id where d.id in @numbers
            """;
        return readers.Read(connection =>
        {
            long[] numbers =
            [
                .. connection.Query<(long Id, long State, long Length)>(Numbers, new { account, Most })
                    .OrderByDescending(row => row.State).ThenBy(row => row.State == 0 ? row.Id : -row.Id)
                    .Fitting(row => row.Length, BodyBytes.Read).Select(row => row.Id),
            ];
            return numbers.Length == 0 ? [] : connection.Query<(long Source, long ReceivedAt, bool Scrubbed, byte[] Body)>(Sql, new { numbers }, buffered: false)
                .Select(row => Read(account, row.Source, row.ReceivedAt, row.Scrubbed, row.Body)).OfType<Event>()
                .Select(happening => (happening.Subject, happening.CreatedAt)).ToList();
        });
    }

    /// <summary>What a delivery means that was set aside; null when it cannot be read, or was not.</summary>
    public static Event? Find(StoreReaders readers, long deliveryId)
    {
        const string Sql = """
            select a.name as account, d.source, d.received_at, d.scrubbed, b.body
            from deliveries d join hooks h on h.id = d.hook join accounts a on a.id = h.account join bodies b on b.delivery = d.id
            where d.id = @deliveryId and d.state = 5
            """;
        return readers.Read(connection => connection.Query<(string Account, long Source, long ReceivedAt, bool Scrubbed, byte[] Body)>(Sql, new { deliveryId })
            .Select(row => Read(row.Account, row.Source, row.ReceivedAt, row.Scrubbed, row.Body)).FirstOrDefault());
    }

    /// <summary>What a stored delivery means; null when it cannot be read at all, as may be with what was set aside.</summary>
    public static Event? Read(string account, long source, long receivedAt, bool scrubbed, byte[] body)
    {
        try
        {
            return EventReader.Read(ScrubbedJson.Parse(body, scrubbed), account, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt), SourceNumbers.Name(source));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
