using System.Text.Json;
using MisskeyAutomations.Engine.Events;

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
    /// <param name="max">How many at most.</param>
    /// <param name="except">The names of accounts whose runs stay where they are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> ClaimDueAsync(int max, IReadOnlyCollection<string> except, CancellationToken cancellationToken);

    /// <summary>Claims one run if it is due and free, and none of these accounts'; null otherwise.</summary>
    Task<Run?> ClaimAsync(long runId, IReadOnlyCollection<string> except, CancellationToken cancellationToken);

    /// <summary>The due times of waiting runs after <paramref name="since"/> and up to <paramref name="until"/>, for arming alarms.</summary>
    Task<IReadOnlyList<(long RunId, DateTimeOffset DueAt)>> ListAlarmsAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The event of a stored delivery: its whole envelope, and when and whence it came.</summary>
    Task<StoredEvent> LoadEventAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>The resolved text of a rule's version; null when no run refers to it.</summary>
    Task<string?> LoadRuleTextAsync(string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the run and the given steps. A run that ends or waits gives up its lease; one that ends without effect gives its places in
    /// the limits back. When a newer run took its place in the meantime, the steps are saved and the run is cancelled.
    /// </summary>
    Task<Saved> SaveAsync(Run run, IReadOnlyList<Step> changed, CancellationToken cancellationToken);

    /// <summary>Renews the lease of a run that somebody is at.</summary>
    Task RenewAsync(Run run, CancellationToken cancellationToken);

    /// <summary>Renews the leases of those of these runs that this node still holds.</summary>
    Task RenewAllAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the run, which said no to its event or takes other steps than <c>do</c>, and makes the runs of those rules of its group
    /// that are asked next, in one transaction, with the verdicts put in place of those of the event. The new runs are free and due.
    /// </summary>
    Task<Saved> PassOnAsync(Run run, Plan rest, CancellationToken cancellationToken);

    /// <summary>Takes the step's budget tokens and saves it as intended, or does neither. Neither, too, when a newer run took its place.</summary>
    Task<BudgetAnswer> SaveIntentAsync(Run run, Step step, IReadOnlyList<BudgetClaim> claims, CancellationToken cancellationToken);

    /// <summary>Cancels the waiting runs of a rule; the number of them.</summary>
    Task<int> CancelWaitingAsync(string ruleName, string reason, CancellationToken cancellationToken);

    /// <summary>Makes all runs due at once that wait for this.</summary>
    Task ReleaseAsync(WaitReason reason, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a run its turn and a place in every limit, or nothing. A run that must wait for them is saved as waiting.
    /// </summary>
    Task<Admitted> AdmitAsync(Run run, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// The delivery of the reply with this number (from 1) which the run heard. When there is none yet, the run and its waiting step are
    /// saved, in one with the looking: a reply that comes afterwards wakes the run. Null then.
    /// </summary>
    Task<long?> HearAsync(Run run, Step waiting, int number, CancellationToken cancellationToken);

    /// <summary>What is kept in a slot of the run's account, as it was written; null when nothing is. A dry run sees its own changes first.</summary>
    Task<string?> FindStateAsync(Run run, StateSlot slot, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the run and the step together with what it keeps; those of dry runs apart from the others. False, with nothing saved, when
    /// something that the run saw has changed since. Where the step is saved as done already, nothing is changed and the answer is true.
    /// </summary>
    Task<bool> SetStateAsync(
        Run run, Step step, IReadOnlyList<StateChange> changes, IReadOnlyList<StateSeen> seen, CancellationToken cancellationToken);

    /// <summary>The account's own notes that deliveries told of after the run's event, received since then.</summary>
    Task<IReadOnlyList<JsonElement>> ListReceiptsAsync(Run run, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The account's other steps whose posts are intended or uncertain.</summary>
    Task<IReadOnlyList<Step>> ListOnTheirWayAsync(Run run, Step step, CancellationToken cancellationToken);

    /// <summary>The other steps that own these notes, by the note's id.</summary>
    Task<IReadOnlyDictionary<string, Maker>> FindMakersAsync(Run run, Step step, IReadOnlyList<string> noteIds, CancellationToken cancellationToken);

    /// <summary>Saves the step as the owner of a note. False, with nothing saved, when another step owns it by now.</summary>
    Task<bool> SaveFoundAsync(Run run, Step step, string noteId, CancellationToken cancellationToken);
}

/// <summary>A stored delivery as the executor needs it.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Envelope">The whole request body.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Source"><c>webhook</c>, <c>streaming</c>, <c>catch-up</c>, <c>followers</c> or <c>cron</c>.</param>
public sealed record StoredEvent(string Account, JsonElement Envelope, DateTimeOffset ReceivedAt, string Source)
{
    /// <summary>The account's own user id, for envelopes that do not name it; null when it is not known.</summary>
    public string? MeId { get; init; }

    /// <summary>The id of the first note of its note's thread, where more of it is known than the envelope shows; null otherwise.</summary>
    public string? Thread { get; init; }

    /// <summary>The event.</summary>
    public Event Read()
    {
        var happening = EventReader.Read(Envelope, Account, ReceivedAt, Source, MeId);
        return Thread is null ? happening : happening with { Thread = Thread };
    }
}

/// <summary>Another node took the run over: this one must let go of it without a further effect.</summary>
public sealed class LeaseLostException(long runId) : Exception($"The lease on run {runId} was lost.")
{
    /// <summary>The run.</summary>
    public long RunId { get; } = runId;
}
