using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>Lists of runs for people, newest first, a page at a time. Reads beside a running engine.</summary>
internal sealed class RunPages(StoreReaders readers, TimeProvider time, TimeSpan? patience = null)
{
    // Each takes a few milliseconds at most. What waits and what failed has lists of its own, in which the rest is passed over.
    private const int Stretch = 4_000;
    private const int StretchOfFew = 50_000;

    private readonly BackwardLook _look = new(time, patience ?? BackwardLook.Patience);

    /// <summary>The newest runs that are wanted, before a number where one is given; without steps.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public Page<RecordedRun> List(RunFilter filter, long? before, int max)
    {
        var (found, next, reached) = readers.Read(connection =>
        {
            var (lowest, highest) = connection.QuerySingleOrDefault<(long, long)>("select coalesce((select min(id) from runs), 1), coalesce((select max(id) from runs), 0)");
            var end = Math.Min(before ?? long.MaxValue, highest + 1);
            var (numbers, rest) = filter.State switch
            {
                RunState.Waiting => _look.Find(end, lowest, StretchOfFew, max, (low, high, some) => FindWaiting(connection, filter, low, high, some)),
                RunState.Failed => _look.Find(end, lowest, StretchOfFew, max, (low, high, some) => FindFailed(connection, filter, low, high, some)),
                _ => _look.Find(end, lowest, Stretch, max, (low, high, some) => Find(connection, filter, low, high, some)),
            };
            return (Read(connection, numbers), rest, rest is { } number && numbers.Count < max ? TimeAt(connection, number) : null);
        });
        return new(found, next) { LookedBackTo = reached };
    }

    private static IEnumerable<long> Find(StoreReader connection, RunFilter filter, long low, long high, int max) => connection.Query<long>(
        $"select r.id from runs r where r.id >= @low and r.id < @high{Conditions(filter)}{(filter.State is null ? "" : " and r.state = @state")} order by r.id desc limit @max",
        Parameters(filter, low, high, max));

    // For each thing to wait for there is a list in order.
    private static IEnumerable<long> FindWaiting(StoreReader connection, RunFilter filter, long low, long high, int max)
    {
        var reasons = filter.WaitsFor is { } one ? [one] : Enum.GetValues<WaitReason>().Where(reason => reason != WaitReason.None);
        return reasons.SelectMany(reason => connection.Query<long>(
            $"select r.id from runs r indexed by runs_waiting where r.state = 1 and r.waits_for = @waitsFor and r.id >= @low and r.id < @high{Conditions(filter)} order by r.id desc limit @max",
            Parameters(filter with { WaitsFor = reason }, low, high, max))).OrderDescending().Take(max);
    }

    private static IEnumerable<long> FindFailed(StoreReader connection, RunFilter filter, long low, long high, int max) => connection.Query<long>(
        $"select r.id from runs r indexed by runs_failed where r.state = 6 and r.id >= @low and r.id < @high{Conditions(filter)} order by r.id desc limit @max",
        Parameters(filter, low, high, max));

    private static string Conditions(RunFilter filter) => string.Concat(
        filter.Account is null ? "" : " and r.account = (select id from accounts where name = @account)",
        filter.Rule is null ? "" : " and r.version in (select v.id from rule_versions v join rules ru on ru.id = v.rule where ru.name = @rule)");

    private static object Parameters(RunFilter filter, long low, long high, int max) => new
    {
        low,
        high,
        max,
        state = (long?)filter.State,
        waitsFor = (long?)filter.WaitsFor,
        account = PostgresStatement.Storable(filter.Account),
        rule = PostgresStatement.Storable(filter.Rule),
    };

    private static List<RecordedRun> Read(StoreReader connection, List<long> numbers) => numbers.Count == 0 ? []
        : RecordedRunRows.Read(connection, "where r.id in @numbers order by r.id desc", new { numbers = numbers.ToArray() }, withSteps: false);

    private static DateTimeOffset? TimeAt(StoreReader connection, long number) =>
        connection.QueryFirstOrDefault<long?>("select created_at from runs where id >= @number order by id limit 1", new { number }) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

/// <summary>Which runs somebody wants to see. What is null does not matter.</summary>
internal sealed record RunFilter
{
    public RunState? State { get; init; }

    /// <summary>What it waits for; for those that wait alone.</summary>
    public WaitReason? WaitsFor { get; init; }

    /// <summary>The account's name.</summary>
    public string? Account { get; init; }

    /// <summary>The rule's name.</summary>
    public string? Rule { get; init; }
}
