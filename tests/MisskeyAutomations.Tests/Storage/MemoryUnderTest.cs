using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The store of rule tests, with as much of an inbox as decisions need.</summary>
internal sealed class MemoryUnderTest : StoreUnderTest
{
    private readonly MemoryInbox _inbox;
    private readonly MemoryRunStore _runs;

    public MemoryUnderTest()
    {
        _runs = new(Time);
        _inbox = new(_runs);
    }

    public override IInbox Inbox => _inbox;

    public override IRunStore Runs => _runs;

    public override void Reopen() => throw new NotSupportedException("Nothing survives in memory.");

    public override void Dispose()
    {
    }

    private sealed class MemoryInbox(MemoryRunStore runs) : IInbox
    {
        private readonly List<Delivery> _deliveries = [];

        public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken)
        {
            _deliveries.Add(new(_deliveries.Count + 1, delivery.Account, delivery.HookId, delivery.EventId, delivery.Source, delivery.ReceivedAt, delivery.Body, delivery.Scrubbed));
            return Task.FromResult(true);
        }

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Delivery>>(_deliveries);

        public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, System.Text.Json.JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindThreadAsync(string account, System.Text.Json.JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> IsFirstAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken)
        {
            var verdicts = decision.Verdicts.ToDictionary(verdict => verdict.Rule, StringComparer.Ordinal);
            var before = runs.Runs.Count;
            foreach (var planned in decision.Runs)
            {
                verdicts[planned.Run.RuleName] = runs.Add(planned) ?? verdicts[planned.Run.RuleName];
            }

            var made = new List<Run>();
            foreach (var run in runs.Runs.Skip(before).ToList())
            {
                made.Add(run.State == RunState.Waiting ? run : (await runs.ClaimAsync(run.Id, [], cancellationToken))!);
            }

            return new Decided(false, [.. verdicts.Values], made);
        }
    }
}
