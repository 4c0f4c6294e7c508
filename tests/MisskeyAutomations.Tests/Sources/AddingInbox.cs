using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Sources;

/// <summary>An inbox to which deliveries are added, or not, as a test says. It does nothing else.</summary>
internal sealed class AddingInbox : IInbox
{
    private readonly List<NewDelivery> _added = [];

    /// <summary>Whether the store cannot be written.</summary>
    public volatile bool IsAway;

    /// <summary>How often it refused.</summary>
    public int Refused;

    /// <summary>What was added, in order.</summary>
    public IReadOnlyList<NewDelivery> Added
    {
        get
        {
            lock (_added)
            {
                return [.. _added];
            }
        }
    }

    public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            Interlocked.Increment(ref Refused);
            return Task.FromException<bool>(new StoreUnavailableException("The disk is full."));
        }

        lock (_added)
        {
            _added.Add(delivery);
        }

        return Task.FromResult(true);
    }

    public Task<bool> IsFirstAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> FindThreadAsync(string account, JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken) => throw new NotSupportedException();
}
