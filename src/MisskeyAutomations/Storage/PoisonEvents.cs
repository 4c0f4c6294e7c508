using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Events at which the engine died so often that they are not evaluated any more. The count belongs to the event: what it died at in one
/// delivery, it would die at in the next that reports the same.
/// </summary>
internal static class PoisonEvents
{
    /// <summary>The delivery that reported an event and is set aside for that, or is about to be; null when there is none.</summary>
    public static long? Find(StoreReaders readers, long deliveryId, Event happening)
    {
        const string Sql = """
            select d.id, h.hook_id as hook, d.source, d.received_at, d.scrubbed, b.body
            from deaths x
            join deliveries d on d.id = x.id
            join hooks h on h.id = d.hook
            join accounts a on a.id = h.account
            join bodies b on b.delivery = d.id
            where x.kind = 0 and x.number >= @MostDeaths and d.state in (0, 5) and d.id <> @deliveryId and a.name = @Account
            order by d.id
            """;
        return readers.Read(connection => connection
            .Query<(long Id, string Hook, long Source, long ReceivedAt, bool Scrubbed, byte[] Body)>(Sql, new { BlackBox.MostDeaths, deliveryId, happening.Account })
            .Where(row => UnsettledEvents.Read(happening.Account, row.Source, row.ReceivedAt, row.Scrubbed, row.Body) is { } poison && IsSame(poison, happening))
            .Select(row => (long?)row.Id).FirstOrDefault());
    }

    // As for what is decided: a copy that can be read is more than one that cannot, and each hook or source reports what recurs once.
    private static bool IsSame(Event poison, Event happening) => poison.Subject == happening.Subject
        && (poison.Standing != EventStanding.Hidden || happening.Standing == EventStanding.Hidden)
        && (!poison.Subject.Recurs || ((poison.CreatedAt - happening.CreatedAt).Duration() <= Subject.Window
            && (poison.HookId ?? "", poison.Source) != (happening.HookId ?? "", happening.Source)));
}
