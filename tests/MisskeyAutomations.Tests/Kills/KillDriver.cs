using System.Collections.Concurrent;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// Misskey's part: people mention and follow alice, and every webhook is posted until it is answered with 204, as Misskey repeats what
/// failed (though it waits for minutes in between).
/// </summary>
internal sealed class KillDriver(SandboxWorld world, Account alice, HookReceiver receiver, Uri door, int? mentions) : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Note> _mentions = [];
    private readonly ConcurrentQueue<Account> _followers = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private volatile bool _making = true;
    private volatile int _sinceLast;

    public bool AcknowledgedSinceLast() => _sinceLast > 0;

    public void ForgetLast() => _sinceLast = 0;

    /// <summary>No more than now, or than were to come; all of them are taken.</summary>
    public Task EndAsync(Task driving)
    {
        _making = mentions is not null;
        return driving;
    }

    public void Dispose() => _http.Dispose();

    public async Task DriveAsync(CancellationToken cancellationToken)
    {
        var posting = new List<Task>();
        for (var number = 0; _making && !(number >= mentions); number++)
        {
            // Another person each time, so that no reply cap of the rules' owner holds anything back.
            var person = world.AddAccount($"user{number}");
            if (number % 3 == 0 && mentions is null)
            {
                _followers.Enqueue(person);
                world.Follow(person, alice);
            }
            else
            {
                _mentions.Enqueue(world.Post(person, $"@alice {number}"));
            }

            posting.Add(PostUntilTakenAsync(await receiver.NextAsync(), number % 10 == 0, cancellationToken));
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, cancellationToken);
        }

        await Task.WhenAll(posting);
    }

    /// <summary>Every acknowledged event was decided and acted on once.</summary>
    /// <returns>What happened, in figures.</returns>
    public string Check(Ledger ledger)
    {
        var stored = ledger.Deliveries().ToDictionary(delivery => delivery.EventId, StringComparer.Ordinal);
        // What was acted on may have come from the notifications first: replies and follows tell whether it was.
        var lost = _acknowledged.Keys.Where(eventId => !stored.TryGetValue(eventId, out var delivery) || delivery.State != DeliveryState.Planned).ToArray();
        var replies = _mentions.Select(note => world.RepliesTo(note).Count).ToArray();
        var found = ledger.Steps().Count(step => step.Reason == Reconciliation.FoundThere);
        var unfollowed = _followers.Count(follower => !world.IsFollowing(alice, follower));
        var figures = $"{_acknowledged.Count} acknowledged, {lost.Length} lost, {replies.Count(count => count > 1)} written twice, "
            + $"{replies.Count(count => count == 0)} unanswered, {found} missed and found, {unfollowed} not followed";

        // What did not go well says more than how often: first.
        Assert.All(ledger.Runs(), run => Assert.True(run.State == RunState.Succeeded, run.ToString()));
        Assert.All(ledger.Steps(), step => Assert.True(step.State == StepState.Done, step.ToString()));
        Assert.True(lost.Length == 0 && unfollowed == 0 && replies.All(count => count == 1), figures);
        Assert.Equal(_mentions.Count + _followers.Count, _acknowledged.Count);
        return figures;
    }

    private async Task PostUntilTakenAsync(ReceivedHook hook, bool twice, CancellationToken cancellationToken)
    {
        while (!await _http.DeliverAsync(door, hook, cancellationToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }

        _acknowledged[hook.EventId] = hook.Type;
        Interlocked.Increment(ref _sinceLast);
        if (twice)
        {
            await _http.DeliverAsync(door, hook, cancellationToken);
        }
    }
}
