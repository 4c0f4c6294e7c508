using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Inbox;

public sealed class InboxPumpTests
{
    private const string Rules = """
        rules:
          - name: back
            on: followed
            do:
              - follow: user
        """;

    [Fact]
    public async Task A_decision_that_cannot_be_written_quarantines_its_delivery_and_no_other()
    {
        await using var pump = new Rig(delivery => delivery == 2 ? new InvalidOperationException("a fault") : null);

        pump.Offer(1, 2, 3);

        await Eventually.HoldsAsync(() => pump.HandedOver.Count == 2, "they are handed over");
        Assert.Equal([1L, 3L], pump.HandedOver);
        Assert.Equal([(2L, DeliveryState.Quarantined)], pump.Written.Where(entry => entry.State != DeliveryState.Planned));
    }

    [Fact]
    public async Task Trouble_of_the_store_puts_one_off_and_still_hands_over_the_others()
    {
        var failures = 1;
        await using var pump = new Rig(delivery => delivery == 1 && failures-- > 0 ? new StoreUnavailableException("full") : null);

        pump.Offer(1, 2);
        await Eventually.HoldsAsync(() => pump.HandedOver.Count == 1, "they are handed over");
        pump.Offer(1);

        await Eventually.HoldsAsync(() => pump.HandedOver.Count == 2, "they are handed over");
        Assert.Equal([2L, 1L], pump.HandedOver);
        Assert.DoesNotContain(pump.Written, entry => entry.State == DeliveryState.Quarantined);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_begun_before_trouble_of_the_store_is_handed_over_at_once(bool isAsked)
    {
        var failures = 1;
        Exception? Fault(long delivery) => delivery == 2 && failures-- > 0 ? new StoreUnavailableException("full") : null;
        await using var pump = new Rig(_ => null)
        {
            FaultOfAsking = isAsked ? Fault : _ => null,
            FaultOfQueueing = isAsked ? _ => null : decision => Fault(decision.DeliveryId),
        };

        pump.Offer(1, 2, 3);
        await Eventually.HoldsAsync(() => pump.HandedOver.Count > 0, "one is handed over");
        pump.Offer(2, 3);

        await Eventually.HoldsAsync(() => pump.HandedOver.Count == 3, "they are handed over");
        Assert.Equal([1L, 2L, 3L], pump.HandedOver);
    }

    [Fact]
    public async Task A_quarantine_that_cannot_be_written_is_put_off_and_the_others_are_still_handed_over()
    {
        var failures = 1;
        await using var pump = new Rig(delivery => delivery == 1 ? new InvalidOperationException("a fault") : null)
        {
            FaultOfQueueing = decision => decision.State == DeliveryState.Quarantined && failures-- > 0 ? new StoreUnavailableException("full") : null,
        };

        pump.Offer(1, 2);
        await Eventually.HoldsAsync(() => pump.HandedOver.Count > 0, "one is handed over");
        pump.Offer(1);

        await Eventually.HoldsAsync(() => pump.Written.Contains((1L, DeliveryState.Quarantined)), "it is quarantined");
        Assert.Equal([2L], pump.HandedOver);
    }

    /// <summary>The pump between an inbox that fails as told and nobody who executes.</summary>
    private sealed class Rig : IInbox, IAlarm, IAsyncDisposable
    {
        private readonly Channel<IReadOnlyList<Delivery>> _batches = Channel.CreateUnbounded<IReadOnlyList<Delivery>>();
        private readonly SqliteUnderTest _store = new();
        private readonly LeasedRuns _leased = new();
        private readonly CancellationTokenSource _end = new();
        private readonly Func<long, Exception?> _fault;
        private readonly InboxPump _pump;
        private readonly Task _taking;

        public Rig(Func<long, Exception?> fault)
        {
            _fault = fault;
            var runs = new MemoryRunStore(TimeProvider.System);
            var versions = new RuleVersions(runs, ActionTable.Descriptors);
            versions.Swap(RuleReader.Read([new SourceText("rules.yaml", Rules)], ActionTable.Descriptors).RuleSet!);
            var deciding = new Deciding(this, versions, new AccountDirectory([]), new MutedPeople(), new Listening(this, runs, versions), TimeProvider.System);
            _pump = new InboxPump(this, deciding, _store.Store.BlackBox, _leased, this, new LiveFeed(), NullLogger<InboxPump>.Instance, TimeProvider.System);
            _ = _pump.StartAsync(CancellationToken.None);
            _taking = TakeRunsAsync();
        }

        /// <summary>Why a delivery cannot be decided, by its number.</summary>
        public Func<long, Exception?> FaultOfAsking { get; init; } = _ => null;

        /// <summary>Why the store does not even take a decision.</summary>
        public Func<Decision, Exception?> FaultOfQueueing { get; init; } = _ => null;

        public List<long> HandedOver { get; } = [];

        public List<(long Id, DeliveryState State)> Written { get; } = [];

        public void Offer(params long[] ids) => _batches.Writer.TryWrite([.. ids.Select(NewDelivery)]);

        public async Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken) =>
            await _batches.Reader.ReadAsync(cancellationToken);

        public Task<bool> IsFirstAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken)
        {
            if (FaultOfQueueing(decision) is { } refusal)
            {
                throw refusal;
            }

            if (decision.State == DeliveryState.Planned && _fault(decision.DeliveryId) is { } fault)
            {
                return Task.FromException<Decided>(fault);
            }

            Written.Add((decision.DeliveryId, decision.State));
            return Task.FromResult(new Decided(false, decision.Verdicts, [.. decision.Runs.Select(planned => planned.Run with { State = RunState.Running })]));
        }

        public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) =>
            FaultOfAsking(deliveryId) is { } fault ? throw fault : Task.FromResult<long?>(null);

        public Task<string?> FindThreadAsync(string account, System.Text.Json.JsonElement note, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, JsonElement note, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Run>>([]);

        public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await _pump.StopAsync(CancellationToken.None);
            await _end.CancelAsync();
            await _taking.ContinueWith(_ => { }, TaskScheduler.Default);
            _pump.Dispose();
            _store.Dispose();
            _end.Dispose();
        }

        private async Task TakeRunsAsync()
        {
            await foreach (var run in _leased.ReadAllAsync(_end.Token))
            {
                HandedOver.Add(run.DeliveryId);
            }
        }

        private static Delivery NewDelivery(long id)
        {
            var now = TimeProvider.System.GetUtcNow();
            var body = $$$"""{"server":"https://misskey.example","hookId":"h","userId":"me","eventId":"e{{{id}}}","createdAt":{{{now.ToUnixTimeMilliseconds()}}},"type":"followed","body":{"user":{"id":"u{{{id}}}","username":"mei","isBot":false} } }""";
            return new Delivery(id, "main", "h", $"e{id}", "webhook", now, Encoding.UTF8.GetBytes(body), false);
        }
    }
}
