using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// A little world in which rules run as in earnest: the same planner and executor, a virtual clock, runs in memory, and actions that
/// send nothing. What comes to pass is told as it does. For one thread.
/// </summary>
public sealed class Stage
{
    // Steps that wait longer than the longest duration do not exist; this ends runs that wait again and again.
    private const int MostRings = 10_000;

    private readonly StageSettings _settings;
    private readonly Action<StageEntry> _tell;
    private readonly RuleVersions _versions;
    private readonly RunExecutor _executor;
    private readonly MemoryRunStore _store;
    private readonly Dictionary<long, Event> _events = [];

    /// <summary>Sets the stage.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="actions">The real actions: they prepare requests, and are never asked to send one.</param>
    /// <param name="settings">How it begins.</param>
    /// <param name="tell">Is told what comes to pass, in order.</param>
    public Stage(RuleSet rules, IReadOnlyList<IAction> actions, StageSettings settings, Action<StageEntry> tell)
    {
        _settings = settings;
        _tell = tell;
        Clock = new VirtualClock(settings.At);
        _store = new MemoryRunStore(Clock);
        foreach (var (key, value) in settings.State)
        {
            _store.GivenState[key] = value;
        }

        _versions = new RuleVersions(_store, [.. actions.Select(action => action.Descriptor)]);
        _versions.Swap(rules);
        var feed = new LiveFeed();
        var posted = new PostedNotes();
        var questions = new Questions(settings.Lookups, Clock);
        var table = actions.ToDictionary(action => action.Descriptor.Name, IAction (action) => new RecordingAction(action, settings.Answers, posted), StringComparer.Ordinal);
        var sender = new StepSender(_store, questions, _versions, table, _ => settings.Defaults, new Holds(Clock), new Reconciler(_store, LookTimes.Default, Clock), feed, Clock);
        _executor = new RunExecutor(_store, new NoAlarm(), _versions, questions, sender, feed, Clock);
    }

    /// <summary>Its clock.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The runs that were made, in order; with <see cref="StageSettings.Forgets"/> those that are not over.</summary>
    public IReadOnlyCollection<Run> Runs => _store.Runs;

    /// <summary>Keys that rules read although nothing was ever kept under them: they were taken as empty.</summary>
    public IReadOnlySet<string> EmptyState => _store.EmptyState;

    /// <summary>An event happens now; whatever is due at once is done.</summary>
    public async Task<Event> HappenAsync(StageEvent given, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var stored = new StoredEvent(given.Account, given.Envelope, now, given.Source) { MeId = given.MeId, Thread = given.Thread };
        var happening = stored.Read();
        var delivery = _store.AddEvent(stored);
        _events[delivery] = happening;
        var facts = new PlanningFacts
        {
            Now = now,
            DeliveryId = delivery,
            Die = _settings.Die,
            IsOurs = given.IsOurs || (happening.ActorId is { } actor && actor == happening.MeId),
            IsRulesDeed = given.IsRulesDeed,
            IsMuted = given.IsMuted,
        };
        _tell(new StageEntry.Happened(now, happening));
        if (FindListener(happening, facts) is { } listener)
        {
            _store.Hear(listener, delivery);
            _tell(new StageEntry.Heard(now, happening, listener, Hearing.Verdicts(happening, _versions.Current, listener)));
        }
        else
        {
            Decide(happening, facts);
        }

        await WorkAsync(cancellationToken);
        Forget(delivery);
        return happening;
    }

    /// <summary>Lets time pass; waits that end before then do so at their time. The end of time: until nothing waits any more.</summary>
    public async Task LetPassAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        for (var rings = 0; rings < MostRings && _store.NextDue is { } due && due <= until; rings++)
        {
            Clock.MoveTo(due);
            await WorkAsync(cancellationToken);
        }

        if (until != DateTimeOffset.MaxValue)
        {
            Clock.MoveTo(until);
        }
    }

    /// <summary>The newest note of a run that would hear a reply of the person whose event this is; null when none would.</summary>
    public JsonElement? FindNoteThatAsks(StageEvent given)
    {
        var happening = new StoredEvent(given.Account, given.Envelope, Clock.GetUtcNow(), given.Source) { MeId = given.MeId }.Read();
        var facts = new PlanningFacts { Now = Clock.GetUtcNow(), DeliveryId = 0, IsOurs = happening.ActorId is { } actor && actor == happening.MeId };
        return _store.Runs.Where(run => Hears(run, happening, facts))
            .SelectMany(run => run.Steps.Values).Where(step => step is { Intent.Endpoint: "notes/create", Answer: not null })
            .OrderBy(step => step.At).Select(step => (JsonElement?)JsonElement.Parse(step.Answer!)).LastOrDefault();
    }

    private void Decide(Event happening, PlanningFacts facts)
    {
        var plan = RunPlanner.Plan(happening, _versions.Current, facts);
        var changed = plan.Runs
            .Select(planned => (planned.Run.RuleName, Verdict: _store.Add(planned)))
            .Where(entry => entry.Verdict is not null)
            .ToDictionary(entry => entry.RuleName, entry => entry.Verdict!, StringComparer.Ordinal);
        foreach (var verdict in plan.Verdicts)
        {
            _tell(new StageEntry.Judged(facts.Now, happening, changed.GetValueOrDefault(verdict.Rule) ?? verdict));
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Run> due;
        while ((due = await _store.ClaimDueAsync(1, [], cancellationToken)).Count > 0)
        {
            await WorkAsync(due[0], cancellationToken);
            Forget(due[0].DeliveryId);
        }
    }

    private async Task WorkAsync(Run run, CancellationToken cancellationToken)
    {
        var (steps, verdicts) = (_store.Finished.Count, _store.LaterVerdicts.Count);
        var happening = _events[run.DeliveryId];
        _settings.Lookups.Event = happening;
        _settings.Lookups.Rule = run.RuleName;
        _settings.Lookups.HasWaited = run.HasWaited;
        Lookup? unknown = null;
        try
        {
            await _executor.ExecuteAsync(run, cancellationToken);
        }
        catch (RunFaultException stopped) when (stopped.Fault is LookupNotGivenException missing)
        {
            unknown = missing.Lookup;
            await _store.SaveAsync(stopped.Run.End(RunState.Failed, missing.Message), [], cancellationToken);
        }

        var now = Clock.GetUtcNow();
        foreach (var (delivery, verdict) in _store.LaterVerdicts.Skip(verdicts))
        {
            _tell(new StageEntry.Judged(now, _events[delivery], verdict));
        }

        foreach (var (its, step) in _store.Finished.Skip(steps))
        {
            _tell(new StageEntry.Stepped(now, _events[its.DeliveryId], its, step));
        }

        var rested = _store.Find(run.Id);
        _tell(unknown is { } lookup ? new StageEntry.Unknown(now, happening, rested, lookup) : new StageEntry.Rested(now, happening, rested));
    }

    private void Forget(long delivery)
    {
        if (!_settings.Forgets)
        {
            return;
        }

        foreach (var forgotten in _store.Forget(delivery))
        {
            _events.Remove(forgotten);
        }
    }

    private Run? FindListener(Event happening, PlanningFacts facts) => !Hearing.IsPossible(happening) || Hearing.ParentOf(happening) is not { } parent ? null
        : _store.FindAnswered(parent).FirstOrDefault(run => run.Account == happening.Account && Hears(run, happening, facts));

    private bool Hears(Run run, Event happening, PlanningFacts facts) =>
        Hearing.Hears(_versions.Current.Find(run.RuleName)!, run, _events[run.DeliveryId], happening, facts);

    private sealed class NoAlarm : IAlarm
    {
        public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
