using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The runs in the store.</summary>
internal sealed class StoredRuns(Store store, AccountDirectory accounts) : IRunStore
{
    public Task<IReadOnlyList<Run>> ClaimDueAsync(int max, IReadOnlyCollection<string> except, CancellationToken cancellationToken) =>
        store.Writer.RunAsync<IReadOnlyList<Run>>(
            db =>
            {
                var now = store.Time.GetUtcNow();
                return [.. RunRows.FindDue(db, now, max, except).Select(id => RunRows.Claim(db, id, store.Lease, now)!)];
            },
            cancellationToken);

    public Task<Run?> ClaimAsync(long runId, IReadOnlyCollection<string> except, CancellationToken cancellationToken) => store.Writer.RunAsync(
        db => except.Count > 0 && RunRows.IsOfOneOf(db, runId, except) ? null : RunRows.Claim(db, runId, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    public Task<IReadOnlyList<(long RunId, DateTimeOffset DueAt)>> ListAlarmsAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const string Sql = "select id, wake_at from runs where wake_at > @since and wake_at <= @until and state = 1 order by wake_at";
        IReadOnlyList<(long, DateTimeOffset)> alarms = store.Readers.Read(connection =>
            connection.Query<(long Id, long At)>(Sql, new { since = since.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() })
                .Select(row => (row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.At))).ToList());
        return Task.FromResult(alarms);
    }

    public Task<StoredEvent> LoadEventAsync(long deliveryId, CancellationToken cancellationToken)
    {
        const string Sql = """
            select a.name as account, b.body, d.scrubbed, d.received_at as receivedAt, d.source
            from deliveries d
            join hooks h on h.id = d.hook
            join accounts a on a.id = h.account
            join bodies b on b.delivery = d.id
            where d.id = @deliveryId
            """;
        var row = store.Readers.Read(connection => connection.QuerySingleOrDefault<EventRow>(Sql, new { deliveryId }))
            ?? throw new InvalidOperationException($"Delivery {deliveryId} is not stored any more.");
        var envelope = ScrubbedJson.Parse(row.Body, row.Scrubbed);
        return Task.FromResult(new StoredEvent(
            row.Account, envelope, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt), SourceNumbers.Name(row.Source))
        {
            MeId = accounts.UserIdOf(row.Account),
            Thread = envelope.FindObject("body")?.FindObject("note") is { } note ? Threads.Find(store.Readers, row.Account, note) : null,
        });
    }

    public Task<string?> LoadRuleTextAsync(string hash, CancellationToken cancellationToken)
    {
        const string Sql = "select text from rule_versions where hash = @hash and text is not null limit 1";
        return Task.FromResult(store.Readers.Read(connection => connection.QueryFirstOrDefault<string>(Sql, new { hash })));
    }

    public Task<Saved> SaveAsync(Run run, IReadOnlyList<Step> changed, CancellationToken cancellationToken) =>
        store.Writer.RunVitalAsync(db => SavedRuns.Save(db, run, changed, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    public Task RenewAsync(Run run, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => RunRows.Renew(db, run, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    public Task RenewAllAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => RunRows.RenewAll(db, runIds, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    public Task<Saved> PassOnAsync(Run run, Plan rest, CancellationToken cancellationToken)
    {
        // Explained here, as with decisions.
        var verdicts = rest.Verdicts.Select(static verdict => verdict.Explained()).ToList();
        return store.Writer.RunAsync(db => SavedRuns.PassOn(db, run, rest.Runs, verdicts, store.Lease, store.Time.GetUtcNow()), cancellationToken);
    }

    public Task<BudgetAnswer> SaveIntentAsync(Run run, Step step, IReadOnlyList<BudgetClaim> claims, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(
            db =>
            {
                var now = store.Time.GetUtcNow();
                if (RunRows.Save(db, run, store.Lease, now).Stop is { } stopped)
                {
                    return BudgetAnswer.Granted with { Stopped = stopped };
                }

                var answer = BudgetTokens.Take(db, run, step.Path, claims, now);
                if (answer.EmptyBucket is null)
                {
                    StepRows.Save(db, run.Id, step);
                }

                return answer;
            },
            cancellationToken);

    public Task<Admitted> AdmitAsync(Run run, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => SavedRuns.Admit(db, run, overlap, claims, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    public Task<long?> HearAsync(Run run, Step waiting, int number, CancellationToken cancellationToken) => store.Writer.RunAsync(
        db =>
        {
            if (HeardReplies.Find(db, run.Id, number) is { } delivery)
            {
                return delivery;
            }

            SavedRuns.Save(db, run, [waiting], store.Lease, store.Time.GetUtcNow());
            return (long?)null;
        },
        cancellationToken);

    public Task<string?> FindStateAsync(Run run, StateSlot slot, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => StateRows.Find(db, run, slot, store.Time.GetUtcNow()), cancellationToken);

    public Task<bool> SetStateAsync(
        Run run, Step step, IReadOnlyList<StateChange> changes, IReadOnlyList<StateSeen> seen, CancellationToken cancellationToken) => store.Writer.RunAsync(
        db =>
        {
            var now = store.Time.GetUtcNow();
            if (StepRows.IsDone(db, run.Id, step.Path))
            {
                // A commit that was reported as failed may have been made, and what counts up must not count again. The lease must be held all the same.
                RunRows.Renew(db, run, store.Lease, now);
                return true;
            }

            if (seen.Any(one => StateRows.Find(db, run, one.Slot, now) != one.Value))
            {
                RunRows.Renew(db, run, store.Lease, now);
                return false;
            }

            foreach (var change in changes)
            {
                StateRows.Save(db, run, change);
            }

            SavedRuns.Save(db, run, [step], store.Lease, now, goesOn: true);
            return true;
        },
        cancellationToken);

    public async Task<int> CancelWaitingAsync(string ruleName, string reason, CancellationToken cancellationToken)
    {
        var total = 0;
        int cancelled;
        do
        {
            cancelled = await store.Writer.RunAsync(db => ManyRuns.Cancel(db, ruleName, reason, store.Time.GetUtcNow()), cancellationToken);
            total += cancelled;
        }
        while (cancelled == ManyRuns.StepSize);

        return total;
    }

    public async Task ReleaseAsync(WaitReason reason, CancellationToken cancellationToken)
    {
        long? after = 0;
        while (after is { } last)
        {
            after = await store.Writer.RunAsync(db => ManyRuns.Release(db, reason, last, store.Time.GetUtcNow()), cancellationToken);
        }
    }

    public Task<IReadOnlyList<JsonElement>> ListReceiptsAsync(Run run, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult(NoteOwners.ListReceipts(store.Readers, run, since));

    public Task<IReadOnlyList<Step>> ListOnTheirWayAsync(Run run, Step step, CancellationToken cancellationToken) =>
        Task.FromResult(NoteOwners.ListOnTheirWay(store.Readers, run, step));

    public Task<IReadOnlyDictionary<string, Maker>> FindMakersAsync(
        Run run, Step step, IReadOnlyList<string> noteIds, CancellationToken cancellationToken) =>
        Task.FromResult(NoteOwners.FindMakers(store.Readers, run, step, noteIds));

    public Task<bool> SaveFoundAsync(Run run, Step step, string noteId, CancellationToken cancellationToken) =>
        store.Writer.RunVitalAsync(db => NoteOwners.SaveFound(db, run, step, noteId, store.Lease, store.Time.GetUtcNow()), cancellationToken);

    private sealed class EventRow
    {
        public string Account { get; init; } = "";

        public byte[] Body { get; init; } = [];

        public bool Scrubbed { get; init; }

        public long ReceivedAt { get; init; }

        public long Source { get; init; }
    }
}
