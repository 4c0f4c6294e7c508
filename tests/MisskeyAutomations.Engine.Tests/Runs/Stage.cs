using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Engine.Tests.Rules;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>The real planner and executor around scripted seams: actions and look-ups answer as told, time stands still.</summary>
internal sealed class Stage : ILookups, IAlarm
{
    private static readonly ActionDescriptor[] Steps =
    [
        .. SomeActions.All.Select(row => row with
        {
            Repeat = row.Answers ? Repeat.Never : Repeat.Natural,
            Endpoint = row.Name switch { "log" => null, "reply" => "notes/create", _ => $"x/{row.Name}" },
        }),
    ];

    private readonly RuleVersions _versions;
    private RunExecutor _executor;
    private readonly Dictionary<long, Event> _happened = [];
    private int _events;

    public Stage(string rules)
    {
        Store = new MemoryRunStore(Time);
        Holds = new Holds(Time);
        _versions = new RuleVersions(Store, Steps);
        Load(rules);
        Restart();
    }

    public JumpyTime Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public MemoryRunStore Store { get; }

    public Holds Holds { get; }

    public LiveFeed Feed { get; } = new();

    /// <summary>What the next sends give; Done when empty.</summary>
    public Queue<ActionOutcome> Outcomes { get; } = new();

    /// <summary>Called while a request is on its way.</summary>
    public Action? Sending { get; set; }

    /// <summary>Thrown by the next send.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Done while a request is on its way.</summary>
    public Func<Task>? WhileSending { get; set; }

    /// <summary>Takes what is sent in place of <see cref="Outcomes"/>; null for none.</summary>
    public Func<Intent, Task<ActionOutcome>>? Server { get; set; }

    /// <summary>What looks for notes see; null: they cannot be looked for.</summary>
    public Func<Search, Sighting>? Looking { get; set; }

    /// <summary>What was looked for.</summary>
    public List<Search> Looked { get; } = [];

    /// <summary>How many saves of a step's outcome fail, one after the other.</summary>
    public int SavesThatFail
    {
        set
        {
            var left = value;
            Store.FaultOfSaving = _ => left-- > 0 ? new IOException("the disk is full") : null;
        }
    }

    /// <summary>What the steps were prepared from, in order.</summary>
    public List<ActionInput> Prepared { get; } = [];

    /// <summary>What look-ups answer; refused when missing.</summary>
    public Dictionary<Lookup, LookupAnswer> Answers { get; } = [];

    /// <summary>Whether people and notes that no answer is given for are found, as they were.</summary>
    public bool FindsAll { get; init; }

    public List<Lookup> Asked { get; } = [];

    public List<string> Sent { get; } = [];

    public Run OnlyRun => Assert.Single(Store.Runs);

    /// <summary>Another process takes the place of the one that was at work, on the same store.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_executor))]
    public void Restart()
    {
        var questions = new Questions(this, Time);
        var table = Steps.ToDictionary(row => row.Name, IAction (row) => new ScriptedAction(row, this), StringComparer.Ordinal);
        var sender = new StepSender(
            Store, questions, _versions, table, _ => new ActionDefaults(), Holds, new Reconciler(Store, LookTimes.Default, Time), Feed, Time);
        _executor = new RunExecutor(Store, this, _versions, questions, sender, Feed, Time);
    }

    /// <summary>Works on the only run at once, though it waits for a later time.</summary>
    public async Task WakeAsync()
    {
        if (OnlyRun is { State: RunState.Waiting } waiting)
        {
            await Store.SaveAsync(waiting with { DueAt = Time.GetUtcNow() }, [], TestContext.Current.CancellationToken);
            await WorkAsync();
        }
    }

    public void Load(string rules)
    {
        var reading = RuleReader.Read([new SourceText("rules.yaml", rules)], Steps);
        Assert.True(reading.RuleSet is not null, DiagnosticText.Render(reading.Diagnostics));
        _versions.Swap(reading.RuleSet);
    }

    /// <summary>Something happens: decided, and executed as far as it goes now.</summary>
    public async Task<IReadOnlyList<Verdict>> HappenAsync(string type, string body, TimeSpan ago = default, bool isOurs = false, bool isMuted = false, bool isRulesDeed = false)
    {
        var verdicts = await HearOnlyAsync(type, body, ago, isOurs, isMuted, isRulesDeed);
        await WorkAsync();
        return verdicts;
    }

    /// <summary>Something happens: decided, and left for later.</summary>
    public Task<IReadOnlyList<Verdict>> HearOnlyAsync(string type, string body, TimeSpan ago = default, bool isOurs = false, bool isMuted = false, bool isRulesDeed = false)
    {
        var now = Time.GetUtcNow();
        var envelope = JsonDocument.Parse(
            $$"""{"server":"https://misskey.example","hookId":"h","userId":"me","eventId":"e{{++_events}}","createdAt":{{(now - ago).ToUnixTimeMilliseconds()}},"type":"{{type}}","body":{{body}}}""").RootElement;
        var delivery = Store.AddEvent(new StoredEvent("main", envelope, now, "webhook"));
        var happening = EventReader.Read(envelope, "main", now);
        var facts = new PlanningFacts
        {
            Now = now,
            DeliveryId = delivery,
            IsOurs = isOurs,
            IsMuted = isMuted,
            IsRulesDeed = isRulesDeed,
        };
        _happened[delivery] = happening;
        if (Hearing.IsPossible(happening) && Hearing.ParentOf(happening) is { } parent
            && Store.FindAnswered(parent).FirstOrDefault(run => Hearing.Hears(_versions.Current.Find(run.RuleName)!, run, _happened[run.DeliveryId], happening, facts)) is { } listener)
        {
            Store.Hear(listener, delivery);
            return Task.FromResult(Hearing.Verdicts(happening, _versions.Current, listener));
        }

        var plan = RunPlanner.Plan(happening, _versions.Current, facts);
        var verdicts = plan.Verdicts.ToDictionary(verdict => verdict.Rule, StringComparer.Ordinal);
        foreach (var planned in plan.Runs)
        {
            if (Store.Add(planned) is { } changed)
            {
                verdicts[planned.Run.RuleName] = changed;
            }
        }

        return Task.FromResult<IReadOnlyList<Verdict>>([.. verdicts.Values]);
    }

    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await WorkAsync();
    }

    public Task WorkAsync() => WorkAsync(() => Task.CompletedTask);

    /// <summary>Works on what is due; something happens when it is claimed and not begun yet.</summary>
    public async Task WorkAsync(Func<Task> meanwhile)
    {
        var due = await Store.ClaimDueAsync(100, [], TestContext.Current.CancellationToken);
        await meanwhile();
        foreach (var run in due)
        {
            await _executor.ExecuteAsync(run, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whoever was at a run is gone: another takes it over.</summary>
    public async Task TakeOverAsync(long runId)
    {
        var left = Store.Find(runId);
        await Store.SaveAsync(left with { State = RunState.Waiting, DueAt = Time.GetUtcNow() }, [], TestContext.Current.CancellationToken);
    }

    /// <summary>Works on one run that is due; false when none is.</summary>
    public async Task<bool> WorkOnceAsync()
    {
        if (await Store.ClaimDueAsync(1, [], TestContext.Current.CancellationToken) is not [var run])
        {
            return false;
        }

        await _executor.ExecuteAsync(run, TestContext.Current.CancellationToken);
        return true;
    }

    public Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken)
    {
        Asked.Add(lookup);
        LookupAnswer missing = FindsAll ? new LookupAnswer.Found(JsonDocument.Parse(Some.Answer(lookup)).RootElement) : new LookupAnswer.Refused("unknown");
        return Task.FromResult(Answers.GetValueOrDefault(lookup) ?? missing);
    }

    public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class ScriptedAction(ActionDescriptor row, Stage stage) : IAction
    {
        public ActionDescriptor Descriptor => row;

        public Preparation Prepare(ActionInput input)
        {
            stage.Prepared.Add(input);
            return Ready(input);
        }

        private Preparation.Ready Ready(ActionInput input) => new(new Intent
        {
            Action = row.Name,
            Endpoint = row.Endpoint ?? "",
            Body = row.Name == "reply" ? JsonSerializer.Serialize(new { text = input.Main.ToText(), replyId = input.Event.Note?.GetText("id") })
                : JsonSerializer.Serialize(input.Main.Map?.Entries["id"].Text ?? input.Main.ToText()),
            Repeat = row.Repeat,
            Budget = row.Name switch { "reply" or "note" => "notes", "follow" => "follows", _ => null },
            AnswersUser = row.Answers ? input.Event.ActorId : null,
            Thread = row.Answers ? input.Event.Thread : null,
            Summary = $"{row.Name} {input.Main.ToText()}",
        });

        public async Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
        {
            var body = JsonDocument.Parse(intent.Body).RootElement;
            stage.Sent.Add($"{intent.Action} {(body.ValueKind == JsonValueKind.Object ? body.GetText("text") : body.GetString())}");
            if (stage.WhileSending is { } meanwhile)
            {
                await meanwhile();
            }

            stage.Sending?.Invoke();
            if (stage.Fault is { } fault)
            {
                stage.Fault = null;
                throw fault;
            }

            if (stage.Server is { } server)
            {
                return await server(intent);
            }

            return stage.Outcomes.TryDequeue(out var outcome) ? outcome : new ActionOutcome.Done();
        }

        public bool CanLookFor(Intent intent) => stage.Looking is not null && intent.Endpoint == NoteLikeness.Endpoint;

        public Task<Sighting> LookAsync(Search search, CancellationToken cancellationToken)
        {
            stage.Looked.Add(search);
            return Task.FromResult(stage.Looking!(search));
        }
    }
}
