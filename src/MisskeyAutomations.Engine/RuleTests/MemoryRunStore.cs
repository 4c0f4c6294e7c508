using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Runs in memory, with the same limits and budgets as on disk. For tests of rules: one thread, nothing survives.</summary>
public sealed partial class MemoryRunStore(TimeProvider time) : IRunStore
{
    private readonly SortedDictionary<long, Run> _runs = [];
    private readonly Dictionary<long, StoredEvent> _events = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly List<(string Rule, string Key, DateTimeOffset At, long Run)> _places = [];
    private readonly List<(string Bucket, DateTimeOffset At)> _tokens = [];
    private readonly Dictionary<string, DateTimeOffset> _breakers = new(StringComparer.Ordinal);
    private readonly List<(Run Run, Step Step)> _finished = [];

    /// <summary>For tests of what happens when a save fails: the fault of saving this run; null for none.</summary>
    public Func<Run, Exception?>? FaultOfSaving { get; set; }

    /// <summary>The runs in the order in which they were made.</summary>
    public IReadOnlyCollection<Run> Runs => _runs.Values;

    /// <summary>Every saved step that is over, in the order in which it happened.</summary>
    public IReadOnlyList<(Run Run, Step Step)> Finished => _finished;

    /// <summary>Keeps an event; its delivery's number.</summary>
    public long AddEvent(StoredEvent happening)
    {
        _events.Add(_events.Count + 1, happening);
        return _events.Count;
    }

    /// <summary>Makes the planned run if its limits grant it; the refused claim or null.</summary>
    public LimitClaim? Add(PlannedRun planned)
    {
        var run = planned.Run with { Id = _runs.Count + 1, State = planned.Run.State == RunState.Waiting ? RunState.Waiting : RunState.Ready };
        if (Reserve(run, planned.Claims) is { } refused)
        {
            return refused;
        }

        _texts[run.RuleHash] = planned.RuleText;
        _runs.Add(run.Id, run);
        return null;
    }

    /// <summary>When the next waiting run is due; null when none waits for a time.</summary>
    public DateTimeOffset? NextDue => _runs.Values.Where(run => !run.HasEnded && run.DueAt is not null).Min(run => run.DueAt);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> ClaimDueAsync(int max, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<Run> due = [.. _runs.Values.Where(run => !run.HasEnded && run.DueAt <= now).Take(max)];
        foreach (var run in due)
        {
            _runs[run.Id] = run with { State = RunState.Running, DueAt = null };
        }

        return Task.FromResult(due);
    }

    /// <inheritdoc/>
    public Task<Run?> ClaimAsync(long runId, CancellationToken cancellationToken) => Task.FromResult<Run?>(null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<(long RunId, DateTimeOffset DueAt)>> ListAlarmsAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(long, DateTimeOffset)>>([]);

    /// <inheritdoc/>
    public Task<StoredEvent> LoadEventAsync(long deliveryId, CancellationToken cancellationToken) => Task.FromResult(_events[deliveryId]);

    /// <inheritdoc/>
    public Task<string?> LoadRuleTextAsync(string hash, CancellationToken cancellationToken) => Task.FromResult(_texts.GetValueOrDefault(hash));

    /// <inheritdoc/>
    public Task SaveAsync(Run run, IReadOnlyList<Step> changed, CancellationToken cancellationToken)
    {
        if (FaultOfSaving?.Invoke(run) is { } fault)
        {
            return Task.FromException(fault);
        }

        _runs[run.Id] = run;
        _finished.AddRange(changed.Where(step => step.IsOver).Select(step => (run, step)));
        if (run is { HasEnded: true, HadEffect: false, IsDryRun: false })
        {
            _places.RemoveAll(place => place.Run == run.Id);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<BudgetAnswer> SaveIntentAsync(Run run, Step step, IReadOnlyList<BudgetClaim> claims, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var claim in claims)
        {
            var isOpen = claim.Breaker is { } breaker && _breakers.GetValueOrDefault(breaker) > now;
            var taken = _tokens.Where(token => token.Bucket == claim.Bucket && token.At > now - claim.Within).Select(token => token.At).ToArray();
            if (isOpen || taken.Length >= claim.Max)
            {
                return Task.FromResult(Refuse(claim, isOpen || claim.Breaker is not null ? now + claim.Within : taken[^claim.Max] + claim.Within, isOpen));
            }
        }

        _tokens.AddRange(claims.Select(claim => (claim.Bucket, now)));
        _runs[run.Id] = run;
        return Task.FromResult(BudgetAnswer.Granted);
    }

    /// <inheritdoc/>
    public Task<LimitClaim?> ReserveAsync(Run run, IReadOnlyList<LimitClaim> claims, CancellationToken cancellationToken) =>
        Task.FromResult(Reserve(run, claims));

    /// <inheritdoc/>
    public Task<int> CancelWaitingAsync(string ruleName, string reason, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <inheritdoc/>
    public Task ReleaseAsync(WaitReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    private BudgetAnswer Refuse(BudgetClaim claim, DateTimeOffset freeAt, bool wasOpen)
    {
        if (claim.Breaker is { } breaker)
        {
            _breakers[breaker] = freeAt;
        }

        return new(claim, freeAt) { OpenedBreaker = claim.Breaker is not null && !wasOpen };
    }

    private LimitClaim? Reserve(Run run, IReadOnlyList<LimitClaim> claims)
    {
        var refused = claims.FirstOrDefault(claim =>
            _places.Count(place => place.Rule == run.RuleName && place.Key == claim.Key && place.At >= claim.Since) >= claim.Max);
        if (refused is null)
        {
            _places.AddRange(claims.Select(claim => claim.Key).Distinct(StringComparer.Ordinal).Select(key => (run.RuleName, key, time.GetUtcNow(), run.Id)));
        }

        return refused;
    }
}
