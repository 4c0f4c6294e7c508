using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Runs and their steps as people look at them, read from their rows.</summary>
internal static class RecordedRunRows
{
    private const string Columns = """
        select r.id, r.delivery, a.name as account, ru.name as rule, v.hash as ruleHash, r.dry_run as isDryRun, r.state, r.branch, r.waits_for as waitsFor,
            r.due_at as dueAt, r.event_at as eventAt, r.created_at as createdAt, r.waited, r.attempts, r.reason, r.gate, r.stop
        from runs r
        join accounts a on a.id = r.account
        join rule_versions v on v.id = r.version
        join rules ru on ru.id = v.rule
        """;

    /// <summary>Those for which a condition holds, in an order; with their steps, in the order in which they got into their states, where that is wanted.</summary>
    public static List<RecordedRun> Read(StoreReader connection, string rest, object parameters, bool withSteps) =>
        [.. connection.Query<Row>($"{Columns} {rest}", parameters).Select(row => row.ToRun(withSteps ? StepsOf(connection, row.Id) : []))];

    private static List<RecordedStep> StepsOf(StoreReader connection, long run)
    {
        const string Sql = "select path, kind, state, intent, answer, reason, at, had_effect as hadEffect, began_at as beganAt, attempts from steps where run = @run order by at, path";
        return [.. connection.Query<StepRow>(Sql, new { run }).Select(row => StoredValue.Read($"step {row.Path} of run {run}", row.ToStep))];
    }

    private sealed class StepRow
    {
        public string Path { get; init; } = "";

        public string Kind { get; init; } = "";

        public long State { get; init; }

        public string? Intent { get; init; }

        public string? Answer { get; init; }

        public string? Reason { get; init; }

        public long At { get; init; }

        public bool HadEffect { get; init; }

        public long? BeganAt { get; init; }

        public long Attempts { get; init; }

        public RecordedStep ToStep() => new(
            new Step
            {
                Path = Path,
                Kind = Kind,
                State = StoredValue.Known((StepState)State),
                Intent = Intent is null ? null : StepRows.ReadIntent(Intent),
                Answer = Answer,
                Reason = Reason,
                At = DateTimeOffset.FromUnixTimeMilliseconds(At),
                HadEffect = HadEffect,
            },
            BeganAt is { } began ? DateTimeOffset.FromUnixTimeMilliseconds(began) : null,
            (int)Attempts);
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public long Delivery { get; init; }

        public string Account { get; init; } = "";

        public string Rule { get; init; } = "";

        public string RuleHash { get; init; } = "";

        public bool IsDryRun { get; init; }

        public long State { get; init; }

        public string Branch { get; init; } = "";

        public long WaitsFor { get; init; }

        public long? DueAt { get; init; }

        public long EventAt { get; init; }

        public long CreatedAt { get; init; }

        public long Waited { get; init; }

        public long Attempts { get; init; }

        public string? Reason { get; init; }

        public string? Gate { get; init; }

        public string? Stop { get; init; }

        public RecordedRun ToRun(IReadOnlyList<RecordedStep> steps) => StoredValue.Read($"run {Id}", () => new RecordedRun
        {
            Id = Id,
            Delivery = Delivery,
            Account = Account,
            Rule = Rule,
            RuleHash = RuleHash,
            IsDryRun = IsDryRun,
            State = StoredValue.Known((RunState)State),
            Branch = Branch,
            WaitsFor = StoredValue.Known((WaitReason)WaitsFor),
            DueAt = DueAt is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null,
            EventAt = DateTimeOffset.FromUnixTimeMilliseconds(EventAt),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            Waited = TimeSpan.FromMilliseconds(Waited),
            Attempts = (int)Attempts,
            Reason = Reason,
            Gate = Gate,
            Stop = Stop,
            Steps = steps,
        });
    }
}
