using System.Text.Json;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

// What runs keep for later ones, and the replies that they hear.
public sealed partial class MemoryRunStore
{
    private readonly Dictionary<(string Account, bool IsDry, StateSlot Slot), (string? Value, DateTimeOffset? ExpiresAt)> _state = [];
    private readonly Dictionary<long, List<long>> _heard = [];
    private readonly HashSet<long> _heardEvents = [];
    private readonly HashSet<string> _emptyState = new(StringComparer.Ordinal);

    /// <summary>Keys that were read before anything was kept under them.</summary>
    public IReadOnlySet<string> EmptyState => _emptyState;

    /// <summary>What is kept under a key from the first, per whatever it is asked, until something is set: values as they are stored.</summary>
    public IDictionary<string, string> GivenState { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The unfinished runs that made the note which is answered, or are on their way to.</summary>
    public IReadOnlyList<Run> FindAnswered(JsonElement parent) =>
        [.. _unfinished.Order().Select(id => _runs[id]).Where(run => run.Steps.Values.Any(step => Hearing.IsNoteOf(step, parent)))];

    /// <summary>Gives a run the reply that it waits, or will wait, for; it is woken when it waits.</summary>
    public void Hear(Run run, long delivery)
    {
        if (!_heard.TryGetValue(run.Id, out var replies))
        {
            _heard[run.Id] = replies = [];
        }

        replies.Add(delivery);
        _heardEvents.Add(delivery);
        if (_runs[run.Id] is { State: RunState.Waiting, WaitsFor: WaitReason.Reply } waiting)
        {
            Put(waiting with { DueAt = time.GetUtcNow() });
        }
    }

    /// <summary>Forgets runs that are over, what was told of them, and events that nobody will read again.</summary>
    /// <param name="delivery">An event that was just decided or worked on.</param>
    /// <returns>The events that were forgotten.</returns>
    public IReadOnlyList<long> Forget(long delivery)
    {
        _finished.Clear();
        _laterVerdicts.Clear();
        var events = new List<long> { delivery };
        foreach (var run in _over)
        {
            _runs.Remove(run.Id);
            _heard.Remove(run.Id);
            _stopped.Remove(run.Id);
            events.Add(run.DeliveryId);
        }

        _over.Clear();
        events.RemoveAll(id => _runsOf.ContainsKey(id) || _heardEvents.Contains(id) || !_events.Remove(id));
        return events;
    }

    /// <inheritdoc/>
    public async Task<long?> HearAsync(Run run, Step waiting, int number, CancellationToken cancellationToken)
    {
        if (_heard.TryGetValue(run.Id, out var replies) && replies.Count >= number)
        {
            return replies[number - 1];
        }

        await SaveAsync(run, [waiting], cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<string?> FindStateAsync(Run run, StateSlot slot, CancellationToken cancellationToken) => Task.FromResult(FindState(run, slot));

    /// <inheritdoc/>
    public async Task<bool> SetStateAsync(
        Run run, Step step, IReadOnlyList<StateChange> changes, IReadOnlyList<StateSeen> seen, CancellationToken cancellationToken)
    {
        if (seen.Any(one => FindState(run, one.Slot) != one.Value))
        {
            return false;
        }

        foreach (var change in changes)
        {
            _state[(run.Account, run.IsDryRun, change.Slot)] = (change.Value, change.ExpiresAt);
        }

        await SaveAsync(run, [step], cancellationToken);
        return true;
    }

    // What a dry run removed is not there for it, though it is for others.
    private string? FindState(Run run, StateSlot slot)
    {
        foreach (var isDry in run.IsDryRun ? (ReadOnlySpan<bool>)[true, false] : [false])
        {
            if (_state.TryGetValue((run.Account, isDry, slot), out var kept))
            {
                return kept.ExpiresAt <= time.GetUtcNow() ? null : kept.Value;
            }
        }

        if (GivenState.TryGetValue(slot.Key, out var given))
        {
            return given;
        }

        _emptyState.Add(slot.Key);
        return null;
    }
}
