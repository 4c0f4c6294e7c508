using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Inbox;

public sealed class InboxPumpTests
{
    [Fact]
    public async Task A_decision_that_cannot_be_written_is_quarantined_and_the_next_event_is_decided()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var inbox = new OneBadInbox(time.GetUtcNow());
        var deciding = new Deciding(inbox, new RuleVersions(new MemoryRunStore(time), []), new AccountDirectory([]), new MutedPeople(), time);
        using var pump = new InboxPump(inbox, deciding, new LeasedRuns(), new NoAlarm(), new LiveFeed(), NullLogger<InboxPump>.Instance, time);

        await pump.StartAsync(TestContext.Current.CancellationToken);
        await inbox.BothCompleted.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await pump.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [(1L, DeliveryState.Planned), (1L, DeliveryState.Quarantined), (2L, DeliveryState.Planned)],
            inbox.Asked.OrderBy(decision => decision.DeliveryId).Select(decision => (decision.DeliveryId, decision.State)));
    }

    /// <summary>Two deliveries; what is decided of the first cannot be written.</summary>
    private sealed class OneBadInbox(DateTimeOffset now) : IInbox
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task BothCompleted => _both.Task;

        public List<Decision> Asked { get; } = [];

        public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken)
        {
            if (afterId > 0)
            {
                _both.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return [DeliveryOf(1), DeliveryOf(2)];
        }

        public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken)
        {
            Asked.Add(decision);
            return decision is { DeliveryId: 1, State: DeliveryState.Planned }
                ? Task.FromException<Decided>(new InvalidOperationException("It breaks a rule of the store."))
                : Task.FromResult(new Decided(AlreadyDecided: false, [], []));
        }

        private Delivery DeliveryOf(long id) => new(id, "main", "h", $"e{id}", "webhook", now, Encoding.UTF8.GetBytes(
            $$"""{"hookId":"h","eventId":"e{{id}}","createdAt":{{now.ToUnixTimeMilliseconds()}},"type":"followed","body":{"user":{ "id":"u{{id}}" } } }"""), Scrubbed: false);
    }

    private sealed class NoAlarm : IAlarm
    {
        public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
