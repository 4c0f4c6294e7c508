using Dapper;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What an engine has written down, read from its database while it runs or after its end.</summary>
internal sealed class Ledger(string data)
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(data, "automations.db"),
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false,
    }.ToString();

    public IReadOnlyList<DeliveryRow> Deliveries() =>
    [
        .. Read<(long Id, object EventId, long State, string? Type, byte[]? Verdicts, string? Note)>(
            "select id, event_id, state, type, verdicts, note from deliveries order by id")
            .Select(row => new DeliveryRow(row.Id, EventKey.Read(row.EventId), (DeliveryState)row.State, row.Type, VerdictBlob.Read(row.Verdicts), row.Note)),
    ];

    public IReadOnlyList<RunRow> Runs() =>
    [
        .. Read<(long Id, long Delivery, string Subject, string Rule, long State, long WaitsFor, string? Gate, string? Reason)>("""
            select r.id, r.delivery, r.subject, ru.name, r.state, r.waits_for, r.gate, r.reason
            from runs r join rule_versions v on v.id = r.version join rules ru on ru.id = v.rule order by r.id
            """)
            .Select(row => new RunRow(row.Id, row.Delivery, row.Subject, row.Rule, (RunState)row.State, (WaitReason)row.WaitsFor, row.Gate, row.Reason)),
    ];

    public IReadOnlyList<StepRow> Steps() =>
    [
        .. Read<(long Run, string Path, long State, string? Reason)>("select run, path, state, reason from steps order by run, path")
            .Select(row => new StepRow(row.Run, row.Path, (StepState)row.State, row.Reason)),
    ];

    /// <summary>Whether every delivery is decided and no run is at work, about to be, or due.</summary>
    public bool IsAtRest(DateTimeOffset now) => Read<long>("""
        select (select count(*) from deliveries where state = 0) + (select count(*) from runs where state in (0, 2, 3) or wake_at <= @now)
        """, new { now = now.ToUnixTimeMilliseconds() }).Single() == 0;

    /// <summary>The last notification that was seen; null before the first look.</summary>
    public string? CatchUpMark() => Read<string>("select notification from catch_up_marks").SingleOrDefault();

    /// <summary>When the followers were last compared; null before the first time.</summary>
    public DateTimeOffset? FollowersComparedAt() =>
        Read<long?>("select max(compared_at) from follower_marks").Single() is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public string CheckIntegrity() => Read<string>("pragma integrity_check").Single();

    private List<T> Read<T>(string sql, object? parameters = null)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        connection.Execute("pragma busy_timeout = 5000");
        return connection.Query<T>(sql, parameters).AsList();
    }
}

internal sealed record DeliveryRow(long Id, string EventId, DeliveryState State, string? Type, IReadOnlyList<Verdict> Verdicts, string? Note)
{
    /// <summary>The gate that said no to the rule; null when none did.</summary>
    public string? GateOf(string rule) => Verdicts.Single(verdict => verdict.Rule == rule).Gate;
}

internal sealed record RunRow(long Id, long Delivery, string Subject, string Rule, RunState State, WaitReason WaitsFor, string? Gate, string? Reason);

internal sealed record StepRow(long Run, string Path, StepState State, string? Reason);
