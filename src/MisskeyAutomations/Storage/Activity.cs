namespace MisskeyAutomations.Storage;

/// <summary>What the engine did lately, by the sums that were kept while it did it. Reads beside a running engine.</summary>
internal sealed class Activity(StoreReaders readers)
{
    /// <summary>How long the sums of minutes are kept.</summary>
    public static readonly TimeSpan MinutesKept = TimeSpan.FromHours(2);

    /// <summary>How long those of hours are kept.</summary>
    public static readonly TimeSpan HoursKept = TimeSpan.FromDays(8);

    /// <summary>What was done in each minute since then, for each account; nothing of minutes in which nothing was.</summary>
    public IReadOnlyList<ActivityPoint> ListMinutes(DateTimeOffset since)
    {
        const string Sql = """
            select c.at, a.name as account, c.what, c.number
            from activity c join accounts a on a.id = c.account
            where c.span = 0 and c.at >= @since
            order by c.at, a.name, c.what
            """;
        return List(Sql, since);
    }

    /// <summary>The same by the hour.</summary>
    public IReadOnlyList<ActivityPoint> ListHours(DateTimeOffset since)
    {
        const string Sql = """
            select c.at, a.name as account, c.what, cast(sum(c.number) as bigint) as number
            from activity c join accounts a on a.id = c.account
            where c.span = 1 and c.at >= @since
            group by c.at, a.name, c.what
            order by c.at, a.name, c.what
            """;
        return List(Sql, since);
    }

    /// <summary>What the runs of each rule came to since then, in whole hours; rules of which nothing is told did nothing.</summary>
    public IReadOnlyList<RuleCount> ListRules(DateTimeOffset since)
    {
        const string Sql = """
            select r.name as rule, c.what, cast(sum(c.number) as bigint) as number
            from activity c join rules r on r.id = c.rule
            where c.span = 1 and c.at >= @since
            group by r.name, c.what
            order by r.name, c.what
            """;
        return readers.Read(connection => connection.Query<(string Rule, long What, long Number)>(Sql, new { since = since.ToUnixTimeMilliseconds() })
            .Select(row => new RuleCount(row.Rule, StoredValue.Known((Counted)row.What), row.Number)).ToList());
    }

    /// <summary>When a run of each rule last got past its gates, for the rules of which one ever did.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ListLastFired() => readers.Read(connection =>
        connection.Query<(string Rule, long At)>("select name, fired_at from rules where fired_at is not null")
            .ToDictionary(row => row.Rule, row => DateTimeOffset.FromUnixTimeMilliseconds(row.At), StringComparer.Ordinal));

    private List<ActivityPoint> List(string sql, DateTimeOffset since) => readers.Read(connection =>
        connection.Query<(long At, string Account, long What, long Number)>(sql, new { since = since.ToUnixTimeMilliseconds() })
            .Select(row => new ActivityPoint(DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Account, StoredValue.Known((Counted)row.What), row.Number)).ToList());
}

/// <summary>How often something was done for an account within a minute or an hour.</summary>
/// <param name="At">When the minute or hour began.</param>
/// <param name="Account">The account's name.</param>
/// <param name="What">What was done.</param>
/// <param name="Number">How often; at least once.</param>
internal sealed record ActivityPoint(DateTimeOffset At, string Account, Counted What, long Number);

/// <summary>How often something became of a rule.</summary>
internal sealed record RuleCount(string Rule, Counted What, long Number);
