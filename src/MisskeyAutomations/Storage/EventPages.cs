using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>Lists of events for people, newest first, a page at a time. Reads beside a running engine.</summary>
/// <remarks>
/// Nothing but the number is indexed for it, as every event would pay for that: what is asked for is looked for backwards, see
/// <see cref="BackwardLook"/>.
/// </remarks>
internal sealed class EventPages(StoreReaders readers, TimeProvider time, TimeSpan? patience = null)
{
    // Each takes a few milliseconds; bodies are a hundred times as large as the rest.
    private const int Stretch = 4_000;
    private const int StretchOfBodies = 100;

    // Repetitions come within minutes, what notifications tell within half an hour or so: among so many events.
    private const int FarthestRepeat = 20_000;

    private readonly BackwardLook _look = new(time, patience ?? BackwardLook.Patience);
    private readonly EventQueries _events = new(readers);

    /// <summary>The newest events that are wanted, before a number where one is given.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public Page<RecordedEvent> List(EventFilter filter, long? before, int max)
    {
        var (found, next, reached) = readers.Read(connection =>
        {
            var (first, end) = SpanOf(connection, filter);
            var search = TextSearch.Of(filter.Text);
            var (numbers, rest) = _look.Find(
                Math.Min(before ?? end, end), first, search is null ? Stretch : StretchOfBodies, max,
                (low, high, some) => search is null ? Find(connection, filter, low, high, some) : Find(connection, filter, search, low, high).Take(some));
            return (numbers, rest, rest is { } number && numbers.Count < max ? ArrivalTimes.At(connection, number) : null);
        });
        return new(_events.List(found), next) { LookedBackTo = reached };
    }

    /// <summary>The numbers of the newest events that are wanted and have a number above another one, newest first.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<long> ListAfter(EventFilter filter, long number, int max) => readers.Read(connection =>
        (TextSearch.Of(filter.Text) is { } search ? Find(connection, filter, search, number + 1, long.MaxValue).Take(max) : Find(connection, filter, number + 1, long.MaxValue, max)).ToList());

    /// <summary>The highest number of an event; 0 when there is none.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public long FindNewest() => readers.Read(connection => connection.ExecuteScalar<long>("select coalesce(max(id), 0) from deliveries"));

    /// <summary>The event that another delivery had reported first, and those that reported it again; without the delivery itself, oldest first.</summary>
    public IReadOnlyList<RecordedEvent> ListReports(RecordedEvent recorded)
    {
        // What recurs has a list of its reports. Of the rest each repetition names the first in its note.
        const string Sql = """
            select r.delivery from reports r where r.event = @first
            union select d.id from deliveries d where d.id > @first and d.id <= @first + @FarthestRepeat and d.note = @note
            union select d.id from deliveries d where d.id = @first
            """;
        var first = Inbox.Decision.FirstOf(recorded.Note) ?? recorded.Number;
        var numbers = readers.Read(connection => connection.Query<long>(
            Sql, new { first, FarthestRepeat, note = Inbox.Decision.Repeats(first) }).Where(number => number != recorded.Number).Order().ToList());
        return [.. _events.List(numbers).OrderBy(report => report.Number)];
    }

    // From the first number that comes into question, to the one behind the last.
    private static (long First, long End) SpanOf(StoreReader connection, EventFilter filter)
    {
        var (lowest, highest) = connection.QuerySingleOrDefault<(long, long)>("select coalesce((select min(id) from deliveries), 1), coalesce((select max(id) from deliveries), 0)");
        return (
            filter.Since is { } since ? ArrivalTimes.FirstAfter(connection, since - ArrivalTimes.Disorder, lowest, highest + 1) : lowest,
            filter.Until is { } until ? ArrivalTimes.FirstAfter(connection, until + ArrivalTimes.Disorder, lowest, highest + 1) : highest + 1);
    }

    private static IEnumerable<long> Find(StoreReader connection, EventFilter filter, long low, long high, int max) => connection.Query<long>(
        $"select d.id from deliveries d where d.id >= @low and d.id < @high{Conditions(filter)} order by d.id desc limit @max", Parameters(filter, low, high, max));

    // As many as were found may be wanted, however few are: a body is read once.
    private static IEnumerable<long> Find(StoreReader connection, EventFilter filter, TextSearch search, long low, long high) => connection.Query<(long Id, bool Scrubbed, byte[] Body)>(
        $"select d.id, d.scrubbed, b.body from deliveries d join bodies b on b.delivery = d.id where d.id >= @low and d.id < @high{Conditions(filter)} order by d.id desc",
        Parameters(filter, low, high, StretchOfBodies), buffered: false).Where(row => search.IsIn(row.Body, row.Scrubbed)).Select(row => row.Id);

    private static string Conditions(EventFilter filter)
    {
        const string Rule = """
             and d.id in (select r.delivery from runs r indexed by runs_of_delivery join rule_versions v on v.id = r.version join rules ru on ru.id = v.rule
                where r.delivery >= @low and r.delivery < @high and ru.name = @rule)
            """;
        return string.Concat(
            filter.Account is null ? "" : " and d.hook in (select h.id from hooks h join accounts a on a.id = h.account where a.name = @account)",
            filter.Type is null ? "" : " and d.type = @type",
            filter.Source is null ? "" : " and d.source = @source",
            filter.State is null ? "" : " and d.state = @state",
            filter.Since is null ? "" : " and d.received_at >= @since",
            filter.Until is null ? "" : " and d.received_at <= @until",
            filter.Rule is null ? "" : Rule);
    }

    private static object Parameters(EventFilter filter, long low, long high, int max) => new
    {
        low,
        high,
        max,
        account = PostgresStatement.Storable(filter.Account),
        type = PostgresStatement.Storable(filter.Type),
        source = filter.Source is { } source ? SourceNumbers.Of(source) : (long?)null,
        state = (long?)filter.State,
        since = filter.Since?.ToUnixTimeMilliseconds(),
        until = filter.Until?.ToUnixTimeMilliseconds(),
        rule = PostgresStatement.Storable(filter.Rule),
    };
}
