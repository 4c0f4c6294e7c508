using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What people ask about runs.</summary>
internal sealed class RunQueries(StoreReaders readers)
{
    /// <summary>A run with its steps and look-ups; null when there is none.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public RecordedRun? Find(long id) => readers.Read(connection =>
        RecordedRunRows.Read(connection, "where r.id = @id", new { id }, withSteps: true).SingleOrDefault() is { } run
            ? run with { Lookups = StoredLookups.Of(connection, id) } : null);

    /// <summary>The runs that events made, oldest first, with their steps.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<RecordedRun> Of(IReadOnlyList<long> deliveries) => readers.Read(connection =>
        RecordedRunRows.Read(connection, "where r.delivery in @deliveries order by r.id", new { deliveries }, withSteps: true));

    /// <summary>The steps that were sent with unknown effect, oldest first, for a person to look at.</summary>
    public IReadOnlyList<UncertainStep> ListUncertain(int max)
    {
        const string Sql = """
            select r.id as runId, a.name as account, ru.name as ruleName, s.path, s.intent, s.reason, s.at,
                case when r.state in (1, 3) and r.waits_for = @uncertain then r.due_at end as looksAt
            from (select run, path from steps indexed by steps_on_their_way where state in (1, 2) and state = 2 order by at limit @max) u
            cross join steps s
            join runs r on r.id = s.run
            join accounts a on a.id = r.account
            join rule_versions v on v.id = r.version
            join rules ru on ru.id = v.rule
            where s.run = u.run and s.path = u.path
            order by s.at
            """;
        return readers.Read(connection => connection
            .Query<(long RunId, string Account, string RuleName, string Path, string Intent, string? Reason, long At, long? LooksAt)>(Sql, new { max, uncertain = (long)WaitReason.Uncertain })
            .Select(row => StoredValue.Read($"step {row.Path} of run {row.RunId}", () => new UncertainStep(
                row.RunId, row.Account, row.RuleName, row.Path, StepRows.ReadIntent(row.Intent), row.Reason, DateTimeOffset.FromUnixTimeMilliseconds(row.At))
            {
                LooksAt = row.LooksAt is { } looksAt ? DateTimeOffset.FromUnixTimeMilliseconds(looksAt) : null,
            }))
            .ToList());
    }

    /// <summary>The runs that were set aside because the engine died at them, newest first.</summary>
    public IReadOnlyList<RunSetAside> ListSetAside(int max)
    {
        const string Sql = """
            select r.id, a.name as account, ru.name as ruleName, r.delivery, d.number as deaths, d.at
            from deaths d
            join runs r on r.id = d.id
            join accounts a on a.id = r.account
            join rule_versions v on v.id = r.version
            join rules ru on ru.id = v.rule
            where d.kind = 1 and r.state = 6
            order by r.id desc
            limit @max
            """;
        return readers.Read(connection => connection
            .Query<(long Id, string Account, string RuleName, long Delivery, long Deaths, long At)>(Sql, new { max })
            .Select(row => new RunSetAside(row.Id, row.Account, row.RuleName, row.Delivery, (int)row.Deaths, DateTimeOffset.FromUnixTimeMilliseconds(row.At)))
            .ToList());
    }

    /// <summary>What runs wait for, with how many do and the oldest of them.</summary>
    public IReadOnlyList<Waits> ListWaits()
    {
        const string Sql = """
            select w.reason, w.number, r.id, r.created_at as createdAt, r.due_at as dueAt
            from (select waits_for as reason, count(*) as number, min(id) as oldest from runs indexed by runs_waiting where state = 1 group by waits_for) w
            join runs r on r.id = w.oldest
            order by w.reason
            """;
        return readers.Read(connection => connection.Query<(long Reason, long Number, long Id, long CreatedAt, long? DueAt)>(Sql)
            .Select(row => StoredValue.Read($"run {row.Id}", () => new Waits(
                StoredValue.Known((WaitReason)row.Reason), row.Number, row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
                row.DueAt is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null)))
            .ToList());
    }

    /// <summary>How many runs wait, by what for.</summary>
    public IReadOnlyDictionary<WaitReason, long> CountWaiting()
    {
        const string Sql = "select waits_for, count(*) from runs indexed by runs_waiting where state = 1 group by waits_for";
        return readers.Read(connection => connection.Query<(long Reason, long Count)>(Sql)
            .ToDictionary(row => (WaitReason)row.Reason, row => row.Count));
    }
}

/// <summary>Runs that wait for the same.</summary>
/// <param name="For">What for.</param>
/// <param name="Number">How many there are.</param>
/// <param name="OldestRunId">The one that was made first.</param>
/// <param name="OldestMadeAt">When that was.</param>
/// <param name="OldestDueAt">When it is looked at next; null while somebody else must move it.</param>
internal sealed record Waits(WaitReason For, long Number, long OldestRunId, DateTimeOffset OldestMadeAt, DateTimeOffset? OldestDueAt);

/// <summary>A run at which the engine died too often.</summary>
internal sealed record RunSetAside(long RunId, string Account, string RuleName, long Delivery, int Deaths, DateTimeOffset At);

/// <summary>A step of unknown effect.</summary>
internal sealed record UncertainStep(long RunId, string Account, string RuleName, string Path, Intent Intent, string? Reason, DateTimeOffset At)
{
    /// <summary>When the engine looks for its effect next; null when only a person can tell.</summary>
    public DateTimeOffset? LooksAt { get; init; }
}
