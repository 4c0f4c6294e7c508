using System.Globalization;
using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>What people ask about events: what was decided, and what became of it. Reads beside a running engine.</summary>
internal sealed class EventQueries(StoreReaders readers)
{
    private const int ShortestBeginning = 4;
    private const string Columns = """
        select d.id, a.name as account, d.event_id as eventId, d.source, d.created_at as createdAt, d.received_at as receivedAt, d.scrubbed, d.state,
            d.type, d.verdicts, d.note, b.body
        from deliveries d
        join hooks h on h.id = d.hook
        join accounts a on a.id = h.account
        left join bodies b on b.delivery = d.id
        """;

    /// <summary>The newest events, newest first.</summary>
    public IReadOnlyList<RecordedEvent> ListNewest(int max) =>
        Query("order by d.id desc limit @max", new { max });

    /// <summary>The events with these numbers, newest first; those that are not stored any more are left out.</summary>
    public IReadOnlyList<RecordedEvent> List(IReadOnlyCollection<long> numbers) => numbers.Count == 0 ? [] : Read([.. numbers]);

    /// <summary>The deliveries that could not be decided, newest first.</summary>
    public IReadOnlyList<RecordedEvent> ListQuarantined(int max) =>
        Query("where d.state = 5 order by d.id desc limit @max", new { max });

    /// <summary>The same, without what they are: for whoever only names them.</summary>
    public IReadOnlyList<EventSetAside> ListSetAside(int max)
    {
        const string Sql = """
            select d.id, a.name as account, d.received_at as receivedAt, d.note
            from (select id from deliveries indexed by deliveries_quarantined where state = 5 order by id desc limit @max) q
            cross join deliveries d join hooks h on h.id = d.hook join accounts a on a.id = h.account
            where d.id = q.id order by d.id desc
            """;
        return readers.Read(connection => connection.Query<(long Id, string Account, long ReceivedAt, string? Note)>(Sql, new { max })
            .Select(row => StoredValue.Read($"event {row.Id}", () => new EventSetAside(row.Id, row.Account, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt), row.Note))).ToList());
    }

    /// <summary>
    /// The events that somebody may mean, newest first and at most 10: <c>last</c>, else those with this number, this note (its id, or its URL at
    /// the account's server), this event id, else those among the newest 100,000 whose id begins so. Whatever stands first and is there counts alone.
    /// </summary>
    public IReadOnlyList<RecordedEvent> Find(string name)
    {
        if (name == "last")
        {
            return ListNewest(1);
        }

        var found = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read([id]) : [];
        found = found.Count > 0 ? found : FindByNote(NoteOf(name));
        found = found.Count > 0 ? found : FindById(name);
        return found.Count > 0 || name.Length < ShortestBeginning ? found : FindByBeginning(name);
    }

    /// <summary>The whole request of an event; null when it is not kept any more.</summary>
    public JsonElement? FindEnvelope(long delivery)
    {
        const string Sql = "select d.scrubbed, b.body from deliveries d join bodies b on b.delivery = d.id where d.id = @delivery";
        return readers.Read(connection => connection.Query<(bool Scrubbed, byte[] Body)>(Sql, new { delivery })
            .Select(row => (JsonElement?)ScrubbedJson.Parse(row.Body, row.Scrubbed)).FirstOrDefault());
    }

    private List<RecordedEvent> FindByNote(string note)
    {
        const string Sql = """
            select s.delivery from accounts a cross join subjects s where s.account = a.id and s.key in ('note:' || @note, 'pollEnded:' || @note)
            union all
            select s.delivery from accounts a cross join subjects s
            where s.account = a.id and s.key > 'reaction:' || @note || ':' and s.key < 'reaction:' || @note || ';'
            order by 1 desc limit 10
            """;
        return Find(Sql, new { note });
    }

    // There is no index over event ids alone, which every delivery would pay for: one that holds them is gone through, about 0.2 s for a million.
    private List<RecordedEvent> FindById(string name)
    {
        const string Sql = "select d.id from hooks h cross join deliveries d where d.hook = h.id and d.event_id = @key order by d.id desc limit 10";
        return Find(Sql, new { key = EventKey.Of(name, readers.Database.PacksEventIds) });
    }

    // Beginnings are for what was just listed.
    private List<RecordedEvent> FindByBeginning(string name)
    {
        const string Newest = "select d.id from deliveries d where d.id > (select coalesce(max(id), 0) from deliveries) - 100000";
        const string Last = "order by d.id desc limit 10";
        if (EventKey.DigitsOf(name) is not { } digits)
        {
            return Find($"{Newest} and substr(d.event_id, 1, length(@name)) = @name {Last}", new { name });
        }

        if (!readers.Database.PacksEventIds)
        {
            return Find($"{Newest} and substr(replace(d.event_id, '-', ''), 1, length(@digits)) = @digits {Last}", new { digits });
        }

        var (low, high) = EventKey.RangeOf(digits);
        return Find($"{Newest} and typeof(d.event_id) = 'blob' and d.event_id between @low and @high {Last}", new { low, high });
    }

    private List<RecordedEvent> Find(string numbers, object parameters) =>
        readers.Read(connection => connection.Query<long>(numbers, parameters).ToArray()) is { Length: > 0 } found ? Read(found) : [];

    private List<RecordedEvent> Read(long[] numbers) => Query("where d.id in @numbers order by d.id desc", new { numbers });

    private List<RecordedEvent> Query(string rest, object parameters) => readers.Read(connection => connection.Query<EventRow>($"{Columns} {rest}", parameters)
        .Select(row => StoredValue.Read($"event {row.Id}", row.ToEvent)).ToList());

    // What people copy: the address of a note at its server ends in its id.
    private static string NoteOf(string name) => WebAddress.TryRead(name, out var address)
        && address.Segments is [_, "notes/", var id] ? id.TrimEnd('/') : name;

    private sealed class EventRow
    {
        public long Id { get; init; }

        public string Account { get; init; } = "";

        public object EventId { get; init; } = "";

        public long Source { get; init; }

        public long CreatedAt { get; init; }

        public long ReceivedAt { get; init; }

        public bool Scrubbed { get; init; }

        public long State { get; init; }

        public string? Type { get; init; }

        public byte[]? Verdicts { get; init; }

        public string? Note { get; init; }

        public byte[]? Body { get; init; }

        public RecordedEvent ToEvent()
        {
            var (receivedAt, happening) = (DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), Meaning());
            return new()
            {
                Number = Id,
                Account = Account,
                EventId = EventKey.Read(EventId),
                Source = SourceNumbers.Name(Source),

                // The number is the sender's word, and stored as it came.
                CreatedAt = EventReader.TimeOf(CreatedAt) ?? happening?.CreatedAt ?? receivedAt,
                ReceivedAt = receivedAt,
                State = StoredValue.Known((DeliveryState)State),
                Type = Type,
                Verdicts = VerdictBlob.TryRead(Verdicts, out var verdicts) ? verdicts : [],
                IsUnreadable = verdicts is null,
                Note = Note,
                Happening = happening,
                IsBodyKept = Body is not null,
            };
        }

        // What was quarantined may not be readable at all.
        private Event? Meaning()
        {
            try
            {
                return Body is null ? null
                    : EventReader.Read(ScrubbedJson.Parse(Body, Scrubbed), Account, DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), SourceNumbers.Name(Source));
            }
            catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
