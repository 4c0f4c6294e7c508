using System.Collections.Frozen;
using System.Globalization;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Events that happen once more because a person ordered it. Each time is a delivery of its own, with the bytes of the first and an event id that
/// names it.
/// </summary>
internal sealed class OnceMore(Store store)
{
    private const string Prefix = "replay:";

    /// <summary>The delivery whose event is to happen once more; null when what it said is not kept.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public PastDelivery? Find(long number)
    {
        const string Sql = """
            select d.id, a.name as account, h.hook_id as hookId, d.event_id as eventId, d.source, d.received_at as receivedAt, d.created_at as createdAt, d.scrubbed, d.state, b.body
            from deliveries d join hooks h on h.id = d.hook join accounts a on a.id = h.account join bodies b on b.delivery = d.id
            where d.id = @number
            """;
        return store.Readers.Read(connection => connection.Query<Row>(Sql, new { number }).Select(row => StoredValue.Read($"event {row.Id}", row.ToPast)).FirstOrDefault());
    }

    /// <summary>Stores that it happens, together with what was decided about it.</summary>
    /// <param name="past">The event.</param>
    /// <param name="withActed">Whether rules are asked as well that did something about it already, or still may.</param>
    /// <param name="decide">What is decided, by the rules that are not to be asked for that. It is asked while nobody else decides.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<(long Number, Decided Decided)> AddAsync(
        PastDelivery past, bool withActed, Func<IReadOnlySet<string>, Decision> decide, CancellationToken cancellationToken) => store.Writer.RunAsync(
        db =>
        {
            var decision = decide(withActed ? FrozenSet<string>.Empty : ActedOn(db, past));
            var explained = decision with { Verdicts = [.. decision.Verdicts.Select(static verdict => verdict.Explained())] };
            var now = store.Time.GetUtcNow();
            var (its, name) = (past.Delivery, string.Create(CultureInfo.InvariantCulture, $"{NameOf(past.Number)}{now.UtcTicks}"));
            var number = AddDelivery.Add(
                db, new(its.Account, its.HookId, name, its.Source, now, its.Body, its.Scrubbed) { CreatedAt = past.CreatedAt }, SourceNumbers.Of(its.Source))
                ?? throw new InvalidOperationException($"Event {past.Number} has just happened once more.");
            return (number, Decisions.Complete(db, explained.For(number), store.Lease, now));
        },
        cancellationToken);

    /// <summary>The number of the event that an event id names as what happens once more; null when it names none.</summary>
    public static long? FirstOf(string eventId) => eventId.StartsWith(Prefix, StringComparison.Ordinal) && eventId.IndexOf(':', Prefix.Length) is > 0 and var end
        && long.TryParse(eventId.AsSpan()[Prefix.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The rules that did something about an event, or still may, whenever it happened.
    private static HashSet<string> ActedOn(WriterConnection db, PastDelivery past)
    {
        const string Sql = """
            select ru.name
            from (select cast(? as bigint) as id
                union all select d.id from deliveries o join deliveries d on d.hook = o.hook and d.created_at = o.created_at
                    where o.id = ? and d.event_id >= ? and d.event_id < ?) u
            join runs r on r.delivery = u.id join rule_versions v on v.id = r.version join rules ru on ru.id = v.rule
            where (r.state < 5 or exists (select 1 from steps s where s.run = r.id and (s.had_effect = 1 or s.state in (1, 2))))
            """;
        var first = NameOf(past.Number);
        return [.. db.Sql(Sql).Bind(past.Number).Bind(past.Number).Bind(first).Bind(first + "~").All(static row => row.Text(0))];
    }

    private static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}:");

    private sealed class Row : StoredDelivery
    {
        public long CreatedAt { get; init; }

        public long State { get; init; }

        public PastDelivery ToPast() => new(ToDelivery(), StoredValue.Known((DeliveryState)State), CreatedAt);
    }
}

/// <summary>A delivery of the past.</summary>
/// <param name="Delivery">As it came.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">The number that its envelope gives as <c>createdAt</c>.</param>
internal sealed record PastDelivery(Delivery Delivery, DeliveryState State, long CreatedAt)
{
    public long Number => Delivery.Id;
}
