using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>The inbox in the store.</summary>
internal sealed class StoredInbox(Store store, StoreHealth health, TimeProvider time) : IInbox
{
    private const string Columns =
        "select d.id, a.name as account, h.hook_id as hookId, d.event_id as eventId, d.source, d.received_at as receivedAt, d.scrubbed, b.body";
    private const string Names = "join hooks h on h.id = d.hook join accounts a on a.id = h.account join bodies b on b.delivery = d.id";
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Arrivals _arrivals = new();
    private bool _hasReopened;

    public DateTimeOffset? RestoredUntil => store.RestoredUntil;

    public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken)
    {
        // Where engines share a store, their own clocks say nothing.
        delivery = store.IsShared ? delivery with { ReceivedAt = store.Time.GetUtcNow() } : delivery;
        var add = new AddDelivery(delivery, SourceNumbers.Of(delivery.Source), _arrivals);
        store.Writer.Enqueue(add);
        return add.Task;
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => health.ProbeAsync().WaitAsync(cancellationToken);

    public async Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var arrival = _arrivals.Next;
            afterId = Interlocked.Exchange(ref _hasReopened, false) ? 0 : afterId;
            var deliveries = store.IsShared ? await ClaimAsync(afterId, max, cancellationToken) : Undecided(afterId, max);
            if (deliveries.Count > 0)
            {
                return deliveries;
            }

            await WaitAsync(arrival, cancellationToken);
        }
    }

    public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => Task.FromResult(OwnDeeds.IsOne(store.Readers, deed, store.Time.GetUtcNow()));

    public Task<string?> FindThreadAsync(string account, JsonElement note, CancellationToken cancellationToken) =>
        Task.FromResult(Threads.Find(store.Readers, account, note));

    // Nearly always there is none: then the question costs nothing.
    public Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) =>
        Task.FromResult(store.BlackBox.KnowsPoison ? PoisonEvents.Find(store.Readers, deliveryId, happening) : null);

    public async Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, JsonElement note, CancellationToken cancellationToken)
    {
        // Nearly every reply answers something else: only where a run comes into question is the writer asked how it stands.
        var ids = HeardReplies.FindAnswered(store.Readers, account, note);
        return ids.Count == 0 ? [] : await store.Writer.RunAsync<IReadOnlyList<Run>>(
            db => [.. ids.Select(id => RunRows.Load(db, id)).OfType<Run>()], cancellationToken);
    }

    public Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken)
    {
        // Explained here: the writer's thread has better things to do, and what explains may be used by one thread only.
        var explained = decision with { Verdicts = [.. decision.Verdicts.Select(static verdict => verdict.Explained())] };
        return store.Writer.RunAsync(db => Decisions.Complete(db, explained, store.Lease, store.Time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Makes whoever takes deliveries look at all again: one that had been decided is not, any more.</summary>
    public void LookAgain()
    {
        Volatile.Write(ref _hasReopened, true);
        _arrivals.Signal();
    }

    public Task<bool> IsFirstAsync(CancellationToken cancellationToken) =>
        Task.FromResult(!store.IsShared || Nodes.IsFirst(store.Readers, store.Lease, store.Time.GetUtcNow()));

    public Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken) => Task.FromResult(CronMarks.List(store.Readers));

    public Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => CronMarks.Replace(db, marks), cancellationToken);

    public Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) =>
        Task.FromResult(CatchUps.FindMark(store.Readers, account));

    public async Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken)
    {
        var (others, known) = UnsettledEvents.Without(store.Readers, mark.Account, events);
        var caughtUp = await store.Writer.RunAsync(db => CatchUps.Add(db, mark, others), cancellationToken);
        _arrivals.Signal();
        return caughtUp with { Known = caughtUp.Known + known };
    }

    public Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken) =>
        Task.FromResult(FollowerLists.FindMark(store.Readers, account));

    public Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken) =>
        Task.FromResult(FollowerLists.List(store.Readers, account));

    public async Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken)
    {
        if (await store.Writer.RunAsync(db => FollowerLists.Change(db, change), cancellationToken) > 0)
        {
            _arrivals.Signal();
        }
    }

    // What another engine took in and did not decide is found by looking again and again.
    private async Task WaitAsync(Task arrival, CancellationToken cancellationToken)
    {
        if (!store.IsShared)
        {
            await arrival.WaitAsync(cancellationToken);
            return;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(arrival, Task.Delay(LookInterval, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<List<Delivery>> ClaimAsync(long afterId, int max, CancellationToken cancellationToken)
    {
        // What is claimed and does not fit is given again with the next claim.
        const string Sql = $"""
            {Columns}
            from (select w.id, sum(w.bytes) over (order by w.id) - w.bytes as ahead from (select b.delivery as id, length(b.body) as bytes from bodies b where b.delivery in @ids) w) u
            cross join deliveries d {Names}
            where d.id = u.id and u.ahead < @Read
            """;
        var ids = await store.Writer.RunAsync(db => ClaimedDeliveries.Claim(db, store.Lease, afterId, max, store.Time.GetUtcNow()), cancellationToken);
        return ids.Count == 0 ? [] : Read(Sql, new { ids = ids.ToArray(), BodyBytes.Read });
    }

    private List<Delivery> Undecided(long afterId, int max)
    {
        const string Sql = $"""
            {Columns}
            from (select w.id, sum(w.bytes) over (order by w.id) - w.bytes as ahead from
                (select d.id, length(b.body) as bytes from deliveries d indexed by deliveries_undecided join bodies b on b.delivery = d.id
                where d.state = 0 and d.id > @afterId order by d.id limit @max) w) u
            cross join deliveries d {Names}
            where d.id = u.id and u.ahead < @Read
            """;
        return Read(Sql, new { afterId, max, BodyBytes.Read });
    }

    // Put in order here: the database would copy every body for it.
    private List<Delivery> Read(string sql, object parameters) =>
        store.Readers.Read(connection => connection.Query<StoredDelivery>(sql, parameters).Select(row => row.ToDelivery()).OrderBy(delivery => delivery.Id).ToList());
}
