using System.Text.Json;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

// What runs keep for later ones, and the replies that they hear.
public sealed partial class MemoryRunStore
{
    private readonly Dictionary<(string Account, bool IsDry, StateSlot Slot), (string? Value, DateTimeOffset? ExpiresAt)> _state = [];
    private readonly Dictionary<long, List<long>> _heard = [];

    /// <summary>What is kept under a key from the first, per whatever it is asked, until something is set: values as they are stored.</summary>
    public IDictionary<string, string> GivenState { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The unfinished runs that made the note which is answered, or are on their way to.</summary>
    public IReadOnlyList<Run> FindAnswered(JsonElement parent) =>
        [.. _runs.Values.Where(run => !run.HasEnded && run.Steps.Values.Any(step => Hearing.IsNoteOf(step, parent)))];

    /// <summary>Gives a run the reply that it waits, or will wait, for; it is woken when it waits.</summary>
    public void Hear(Run run, long delivery)
    {
        if (!_heard.TryGetValue(run.Id, out var replies))
        {
            _heard[run.Id] = replies = [];
        }

        replies.Add(delivery);
        if (_runs[run.Id] is { State: RunState.Waiting, WaitsFor: WaitReason.Reply } waiting)
        {
            _runs[run.Id] = waiting with { DueAt = time.GetUtcNow() };
        }
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

        return GivenState.TryGetValue(slot.Key, out var given) ? given : null;
    }
}
