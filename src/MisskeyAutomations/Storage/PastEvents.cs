using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Decided events in the order in which they came, for whoever tries rules on the past. Reads beside a running engine, page by page.</summary>
internal sealed class PastEvents(StoreReaders readers)
{
    private const int PageSize = 500;

    /// <summary>How many deliveries came in a span.</summary>
    public int Count(DateTimeOffset since, DateTimeOffset until) => readers.Read(connection => connection.ExecuteScalar<int>(
        "select count(*) from deliveries where received_at between @since and @until", Span(since, until)));

    /// <summary>The deliveries of a span, oldest first.</summary>
    public IEnumerable<PastEvent> List(DateTimeOffset since, DateTimeOffset until)
    {
        var after = 0L;
        List<PastEvent> page;
        do
        {
            page = readers.Read(connection => ReadPage(connection, after, since, until));
            foreach (var past in page)
            {
                yield return past;
            }

            after = page.Count > 0 ? page[^1].Number : after;
        }
        while (page.Count == PageSize);
    }

    private static List<PastEvent> ReadPage(StoreReader connection, long after, DateTimeOffset since, DateTimeOffset until)
    {
        const string Sql = """
            select d.id, a.name as account, d.source, d.received_at as receivedAt, d.scrubbed, d.state, d.verdicts, d.note, b.body
            from deliveries d join hooks h on h.id = d.hook join accounts a on a.id = h.account left join bodies b on b.delivery = d.id
            where d.id > @after and d.received_at between @since and @until
            order by d.id limit @max
            """;
        const string Deeds = """
            select r.delivery, ru.name as rule, s.kind, count(*) as count
            from runs r indexed by runs_of_delivery join rule_versions v on v.id = r.version join rules ru on ru.id = v.rule join steps s on s.run = r.id
            where r.delivery between @first and @last and s.state = 3 and s.intent is not null and s.kind <> 'log'
            group by r.delivery, ru.name, s.kind
            """;
        const string Refused = """
            select r.delivery, ru.name as rule
            from runs r indexed by runs_of_delivery join rule_versions v on v.id = r.version join rules ru on ru.id = v.rule
            where r.delivery between @first and @last and r.state = 5 and r.gate is not null
            """;
        var span = Span(since, until);
        span["after"] = after;
        span["max"] = PageSize;
        var rows = connection.Query<Row>(Sql, span).ToList();
        if (rows.Count == 0)
        {
            return [];
        }

        var range = new { first = rows[0].Id, last = rows[^1].Id };
        var deeds = connection.Query<(long Delivery, string Rule, string Kind, int Count)>(Deeds, range).ToLookup(row => row.Delivery);
        var refused = connection.Query<(long Delivery, string Rule)>(Refused, range).ToHashSet();
        return [.. rows.Select(row => StoredValue.Read($"event {row.Id}", () => row.ToEvent(deeds[row.Id], refused)))];
    }

    private static Dictionary<string, object> Span(DateTimeOffset since, DateTimeOffset until) => new(StringComparer.Ordinal)
    {
        ["since"] = since.ToUnixTimeMilliseconds(),
        ["until"] = until.ToUnixTimeMilliseconds(),
    };

    private sealed class Row
    {
        public long Id { get; init; }

        public string Account { get; init; } = "";

        public long Source { get; init; }

        public long ReceivedAt { get; init; }

        public bool Scrubbed { get; init; }

        public long State { get; init; }

        public byte[]? Verdicts { get; init; }

        public string? Note { get; init; }

        public byte[]? Body { get; init; }

        public PastEvent ToEvent(IEnumerable<(long Delivery, string Rule, string Kind, int Count)> deeds, HashSet<(long Delivery, string Rule)> refused)
        {
            var verdicts = VerdictBlob.Read(Verdicts);
            var wasDecided = RecordedEvent.WereAsked((DeliveryState)State, Note, verdicts);
            return new()
            {
                Number = Id,
                Account = Account,
                Source = SourceNumbers.Name(Source),
                ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt),
                WasDecided = wasDecided,
                Envelope = Body is null || !wasDecided ? null : ScrubbedJson.Parse(Body, Scrubbed),
                Verdicts = verdicts,
                Ran = [.. verdicts.Where(verdict => verdict.Runs && !refused.Contains((Id, verdict.Rule))).Select(verdict => verdict.Rule)],
                Deeds = [.. deeds.Select(deed => (deed.Rule, deed.Kind, deed.Count))],
            };
        }
    }
}

/// <summary>An event as it came, and what rules did about it then.</summary>
internal sealed record PastEvent
{
    public required long Number { get; init; }

    public required string Account { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether rules were asked: not of a test, of what another delivery had told before, or of what is not decided yet.</summary>
    public required bool WasDecided { get; init; }

    /// <summary>The whole request; null when it is not kept any more.</summary>
    public required JsonElement? Envelope { get; init; }

    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>The rules that ran.</summary>
    public required IReadOnlyList<string> Ran { get; init; }

    /// <summary>How many requests each rule sent, by step.</summary>
    public required IReadOnlyList<(string Rule, string Kind, int Count)> Deeds { get; init; }
}
