using System.Runtime.InteropServices;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Runs in memory, with the same limits and budgets as on disk. For tests of rules: one thread, nothing survives.</summary>
public sealed partial class MemoryRunStore(TimeProvider time) : IRunStore
{
    private readonly SortedDictionary<long, Run> _runs = [];
    private readonly SortedSet<(DateTimeOffset DueAt, long Run)> _due = [];
    private readonly HashSet<long> _unfinished = [];
    private readonly List<Run> _over = [];
    private readonly Dictionary<long, int> _runsOf = [];
    private readonly Dictionary<long, string> _stopped = [];
    private readonly Dictionary<long, StoredEvent> _events = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DateTimeOffset>> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _breakers = new(StringComparer.Ordinal);
    private readonly List<(Run Run, Step Step)> _finished = [];
    private readonly List<(long DeliveryId, Verdict Verdict)> _laterVerdicts = [];
    private readonly BudgetWaits _waiting = new();
    private readonly Dictionary<(string Account, string Rule, string? Note), long> _notes = [];
    private long _lastRun;
    private long _lastEvent;

    /// <summary>For tests of what happens when a save fails: the fault of saving this run; null for none.</summary>
    public Func<Run, Exception?>? FaultOfSaving { get; set; }

    /// <summary>For tests of what happens when a lease cannot be renewed: the fault of it; null for none.</summary>
    public Func<Exception?>? FaultOfRenewing { get; set; }

    /// <summary>For tests of what happens between an intent and its sending; null for nothing.</summary>
    public Action? Intended { get; set; }

    private MemoryAdmissions Turns => field ??= new(_runs, Put);

    /// <summary>The runs in the order in which they were made.</summary>
    public IReadOnlyCollection<Run> Runs => _runs.Values;

    /// <summary>Every saved step that is over, in the order in which it happened.</summary>
    public IReadOnlyList<(Run Run, Step Step)> Finished => _finished;

    /// <summary>Verdicts that came after the event was decided, when a rule of a group passed it on.</summary>
    public IReadOnlyList<(long DeliveryId, Verdict Verdict)> LaterVerdicts => _laterVerdicts;

    /// <summary>Keeps an event; its delivery's number.</summary>
    public long AddEvent(StoredEvent happening)
    {
        _events.Add(++_lastEvent, happening);
        return _lastEvent;
    }

    /// <summary>Makes the planned run, as far as its rule's <c>overlap</c> and limits allow; the verdict that takes the place of the rule's, or null.</summary>
    public Verdict? Add(PlannedRun planned)
    {
        var key = (planned.Run.Account, planned.Run.RuleName, planned.OncePerNote);
        if (planned.OncePerNote is not null && !_notes.TryAdd(key, planned.Run.DeliveryId) && _notes[key] != planned.Run.DeliveryId)
        {
            return planned.RanFor(_notes[key]);
        }

        var now = time.GetUtcNow();
        var asking = planned.Run with { Id = _lastRun + 1 };
        var admission = Turns.Ask(asking, planned.Overlap, planned.Claims, now);
        var (made, verdict) = planned.Settle(admission, now);
        if (made is null)
        {
            return verdict;
        }

        _texts[made.RuleHash] = planned.RuleText;
        _lastRun = asking.Id;
        Put(made with { Id = asking.Id, State = made.State == RunState.Waiting ? RunState.Waiting : RunState.Ready });
        CarryOut(asking, admission, planned.Overlap, planned.Claims);
        return verdict;
    }

    /// <summary>When the next waiting run is due; null when none waits for a time.</summary>
    public DateTimeOffset? NextDue => _due.Count == 0 ? null : _due.Min.DueAt;

    /// <summary>The run with this number.</summary>
    public Run Find(long runId) => _runs[runId];

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> ClaimDueAsync(int max, IReadOnlyCollection<string> except, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<Run> due =
            [.. _due.TakeWhile(entry => entry.DueAt <= now).Select(entry => _runs[entry.Run]).Where(run => !except.Contains(run.Account, StringComparer.Ordinal)).Take(max)];
        foreach (var run in due)
        {
            Put(run with { State = RunState.Running, DueAt = null });
        }

        return Task.FromResult(due);
    }

    /// <inheritdoc/>
    public Task<Run?> ClaimAsync(long runId, IReadOnlyCollection<string> except, CancellationToken cancellationToken)
    {
        if (_runs.GetValueOrDefault(runId) is not { HasEnded: false } run || !(run.DueAt <= time.GetUtcNow()) || except.Contains(run.Account, StringComparer.Ordinal))
        {
            return Task.FromResult<Run?>(null);
        }

        Put(run with { State = RunState.Running, DueAt = null });
        return Task.FromResult<Run?>(run with { State = RunState.Running });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(long RunId, DateTimeOffset DueAt)>> ListAlarmsAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(long, DateTimeOffset)>>([]);

    /// <inheritdoc/>
    public Task<StoredEvent> LoadEventAsync(long deliveryId, CancellationToken cancellationToken) => Task.FromResult(_events[deliveryId]);

    /// <inheritdoc/>
    public Task<string?> LoadRuleTextAsync(string hash, CancellationToken cancellationToken) => Task.FromResult(_texts.GetValueOrDefault(hash));

    /// <inheritdoc/>
    public Task<Saved> SaveAsync(Run run, IReadOnlyList<Step> changed, CancellationToken cancellationToken) =>
        FaultOfSaving?.Invoke(run) is { } fault ? Task.FromException<Saved>(fault) : Task.FromResult(Save(run, changed));

    /// <inheritdoc/>
    public Task RenewAsync(Run run, CancellationToken cancellationToken) =>
        FaultOfRenewing?.Invoke() is { } fault ? Task.FromException(fault) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task RenewAllAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Saved> PassOnAsync(Run run, Plan rest, CancellationToken cancellationToken)
    {
        var saved = Save(run, []);
        var changed = rest.Runs.ToDictionary(planned => planned.Run.RuleName, Add, StringComparer.Ordinal);
        _laterVerdicts.AddRange(rest.Verdicts.Select(verdict => (run.DeliveryId, changed.GetValueOrDefault(verdict.Rule) ?? verdict)));
        return Task.FromResult(saved);
    }

    /// <inheritdoc/>
    public Task<BudgetAnswer> SaveIntentAsync(Run run, Step step, IReadOnlyList<BudgetClaim> claims, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_stopped.TryGetValue(run.Id, out var stopped))
        {
            return Task.FromResult(BudgetAnswer.Granted with { Stopped = stopped });
        }

        foreach (var claim in claims)
        {
            var isOpen = claim.Breaker is { } breaker && _breakers.GetValueOrDefault(Of(run, breaker)) > now;
            DateTimeOffset? oldest = _tokens.TryGetValue(Of(run, claim.Bucket), out var taken) && taken.Count >= claim.Max ? taken[^claim.Max] : null;
            if (isOpen || oldest > now - claim.Within)
            {
                var freeAt = isOpen || claim.Breaker is not null ? now + claim.Within
                    : claim.SkipWhenEmpty ? oldest!.Value + claim.Within
                    : _waiting.Join(Of(run, claim.Bucket), claim, now, token => taken![taken.Count - claim.Max + token]);
                return Task.FromResult(Refuse(run, claim, freeAt, isOpen));
            }
        }

        foreach (var claim in claims)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_tokens, Of(run, claim.Bucket), out _) ??= []).Add(now);
        }

        Put(run);
        Intended?.Invoke();
        return Task.FromResult(BudgetAnswer.Granted);
    }

    /// <inheritdoc/>
    public Task<Admitted> AdmitAsync(Run run, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, CancellationToken cancellationToken)
    {
        if (_stopped.TryGetValue(run.Id, out var stopped))
        {
            return Task.FromResult(new Admitted(new Admission.Stopped(stopped), run, []));
        }

        var now = time.GetUtcNow();
        var admission = Turns.Ask(run, overlap, claims, now);
        var admitted = admission switch
        {
            Admission.Queued queued => run.WaitAtGate(WaitReason.Turn, null, now, queued.Reason),
            Admission.Delayed delayed => run.WaitAtGate(WaitReason.Place, delayed.Until, now, delayed.Reason),
            _ => run,
        };
        Put(admitted);
        return Task.FromResult(new Admitted(admission, admitted, CarryOut(admitted, admission, overlap, claims)));
    }

    /// <inheritdoc/>
    public Task<int> CancelWaitingAsync(string ruleName, string reason, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <inheritdoc/>
    public Task ReleaseAsync(WaitReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    private void Put(Run run)
    {
        if (_runs.TryGetValue(run.Id, out var before) && before.DueAt is { } was)
        {
            _due.Remove((was, run.Id));
        }

        _runs[run.Id] = run;
        if (run.HasEnded)
        {
            if (_unfinished.Remove(run.Id))
            {
                _over.Add(run);
                CountRuns(run.DeliveryId, -1);
            }

            return;
        }

        if (_unfinished.Add(run.Id))
        {
            CountRuns(run.DeliveryId, 1);
        }

        // One that somebody is at is nobody else's, whatever time it had waited for.
        if (run is { DueAt: { } dueAt, State: not RunState.Running })
        {
            _due.Add((dueAt, run.Id));
        }
    }

    private void CountRuns(long delivery, int more)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_runsOf, delivery, out _);
        count += more;
        if (count == 0)
        {
            _runsOf.Remove(delivery);
        }
    }

    // Accounts have budgets of their own.
    private static string Of(Run run, string name) => $"{run.Account}/{name}";

    private BudgetAnswer Refuse(Run run, BudgetClaim claim, DateTimeOffset freeAt, bool wasOpen)
    {
        if (claim.Breaker is { } breaker)
        {
            _breakers[Of(run, breaker)] = freeAt;
        }

        return new(claim, freeAt) { OpenedBreaker = claim.Breaker is not null && !wasOpen };
    }

    private Saved Save(Run run, IReadOnlyList<Step> changed)
    {
        var now = time.GetUtcNow();
        var saved = _stopped.TryGetValue(run.Id, out var reason) && !run.HasEnded ? run.End(RunState.Cancelled, reason) : run;
        Put(saved);
        _finished.AddRange(changed.Where(step => step.IsOver).Select(step => (saved, step)));
        return new(saved, [.. saved is { IsDryRun: true, HadEffect: false } ? Turns.GiveBackReal(saved, now) : [], .. Turns.Release(saved, now)]);
    }

    private IReadOnlyList<Ring> CarryOut(Run run, Admission admission, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims)
    {
        var rings = Turns.CarryOut(run, admission, overlap, claims, time.GetUtcNow());
        var replaced = admission switch { Admission.Granted granted => granted.Replaces, Admission.Delayed delayed => delayed.Replaces, _ => [] };
        return [.. rings, .. replaced.SelectMany(old => Stop(old, run.Id))];
    }

    // One that is at work stops before its next step; what it is just doing is recorded first.
    private IReadOnlyList<Ring> Stop(long runId, long by)
    {
        if (_runs[runId].State != RunState.Running)
        {
            return Save(_runs[runId].End(RunState.Cancelled, Admissions.ReplacedBy(by)), []).Rings;
        }

        _stopped[runId] = Admissions.ReplacedBy(by);
        return [];
    }
}
