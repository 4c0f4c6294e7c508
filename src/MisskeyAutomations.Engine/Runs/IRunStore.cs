using System.Text.Json;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Where runs live. Every change is durable when its task completes. A change made under a lease that was lost
/// (<see cref="Run.Epoch"/> is old) is refused with <see cref="LeaseLostException"/>.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// Claims runs that are due and free (ready, deciding, or waiting with <see cref="Run.DueAt"/> ≤ now; or running under an expired
    /// lease), oldest due first, with their steps.
    /// </summary>
    Task<IReadOnlyList<Run>> ClaimDueAsync(int max, CancellationToken cancellationToken);

    /// <summary>Claims one run if it is due and free; null otherwise.</summary>
    Task<Run?> ClaimAsync(long runId, CancellationToken cancellationToken);

    /// <summary>The due times of waiting runs up to <paramref name="until"/>, for arming alarms.</summary>
    Task<IReadOnlyList<(long RunId, DateTimeOffset DueAt)>> ListAlarmsAsync(DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The event of a stored delivery: its whole envelope, and when and whence it came.</summary>
    Task<StoredEvent> LoadEventAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>The resolved text of a rule's version; null when no run refers to it.</summary>
    Task<string?> LoadRuleTextAsync(string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the run and the given steps. A run that ends or waits gives up its lease; one that ends without effect gives its places in
    /// the limits back.
    /// </summary>
    Task SaveAsync(Run run, IReadOnlyList<Step> changed, CancellationToken cancellationToken);

    /// <summary>Takes the step's budget tokens and saves it as intended, or does neither.</summary>
    Task<BudgetAnswer> SaveIntentAsync(Run run, Step step, IReadOnlyList<BudgetClaim> claims, CancellationToken cancellationToken);

    /// <summary>Cancels the waiting runs of a rule; the number of them.</summary>
    Task<int> CancelWaitingAsync(string ruleName, string reason, CancellationToken cancellationToken);

    /// <summary>Makes all runs due at once that wait for this.</summary>
    Task ReleaseAsync(WaitReason reason, CancellationToken cancellationToken);

    /// <summary>Reserves a place in every limit for a run that was decided after a look-up, or in none; the refused claim or null.</summary>
    Task<LimitClaim?> ReserveAsync(Run run, IReadOnlyList<LimitClaim> claims, CancellationToken cancellationToken);
}

/// <summary>A stored delivery as the executor needs it.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Envelope">The whole request body.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Source"><c>webhook</c>, <c>streaming</c>, <c>catch-up</c> or <c>cron</c>.</param>
public sealed record StoredEvent(string Account, JsonElement Envelope, DateTimeOffset ReceivedAt, string Source)
{
    /// <summary>The account's own user id, for envelopes that do not name it; null when it is not known.</summary>
    public string? MeId { get; init; }
}

/// <summary>Another node took the run over: this one must let go of it without a further effect.</summary>
public sealed class LeaseLostException(long runId) : Exception($"The lease on run {runId} was lost.")
{
    /// <summary>The run.</summary>
    public long RunId { get; } = runId;
}
