using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Runs the tests of a rule set: the same planner and executor as in earnest, a virtual clock, nothing is sent.</summary>
public sealed class RuleTestRunner(RuleSet rules, IReadOnlyList<IAction> actions)
{
    private const string AnyAccount = "test";

    // Steps that wait longer than the longest duration do not exist; this ends a test whose run waits again and again.
    private const int MostRings = 10_000;

    /// <summary>Runs one test from its first event until nothing waits any more.</summary>
    public async Task<RuleTestResult> RunAsync(RuleTest test, CancellationToken cancellationToken)
    {
        var stage = new Stage(rules, actions, test);
        foreach (var given in test.Givens)
        {
            if (given is Given.Passes pass)
            {
                await stage.LetPassAsync(stage.Clock.GetUtcNow() + pass.Length, cancellationToken);
            }
            else if (given is Given.Happens happens)
            {
                await stage.HappenAsync(happens, cancellationToken);
            }
        }

        await stage.LetPassAsync(DateTimeOffset.MaxValue, cancellationToken);
        return Judge(test, stage);
    }

    private static RuleTestResult Judge(RuleTest test, Stage stage)
    {
        var failures = test.Expectations.SelectMany(expectation => ExpectationCheck.Check(expectation, stage.ActedSteps(expectation), stage.LastVerdict(expectation.Rule))).ToList();
        var looked = test.Expectations.Select(expectation => expectation.Rule).ToHashSet(StringComparer.Ordinal);
        failures.AddRange(stage.Lookups.MissingFor(looked).Select(endpoint => Phrase.Of(
            $"the rule reads what only {endpoint} tells, and the test does not give it: add the field to its user or note, or an answer under `lookups: {{ {endpoint}: {{ … }} }}`")));
        return new(test, failures, stage.Trace);
    }

    /// <summary>One test's little world.</summary>
    private sealed class Stage
    {
        private readonly string _account;
        private readonly double? _die;
        private readonly RuleVersions _versions;
        private readonly RunExecutor _executor;
        private readonly MemoryRunStore _store;
        private readonly PostedNotes _posted = new();
        private readonly List<(Event Event, Verdict Verdict)> _verdicts = [];
        private readonly Dictionary<long, (Event Event, DateTimeOffset At)> _events = [];

        public Stage(RuleSet rules, IReadOnlyList<IAction> actions, RuleTest test)
        {
            // A rule that is for certain accounts is tested as one of them.
            _account = test.Expectations.SelectMany(expectation => rules.Find(expectation.Rule)?.Accounts ?? []).FirstOrDefault(AnyAccount);
            _die = test.Die;
            Clock = new VirtualClock(test.At);
            Lookups = new GivenLookups(test.Lookups);
            _store = new MemoryRunStore(Clock);
            foreach (var (key, value) in test.State)
            {
                _store.GivenState[key] = value;
            }

            _versions = new RuleVersions(_store, [.. actions.Select(action => action.Descriptor)]);
            _versions.Swap(rules);
            var feed = new LiveFeed();
            var questions = new Questions(Lookups, Clock);
            var table = actions.ToDictionary(action => action.Descriptor.Name, IAction (action) => new RecordingAction(action, test.Lookups, _posted), StringComparer.Ordinal);
            var sender = new StepSender(_store, questions, _versions, table, _ => new ActionDefaults { AllowAdmin = true }, new Holds(Clock), feed, Clock);
            _executor = new RunExecutor(_store, new NoAlarm(), _versions, questions, sender, feed, Clock);
        }

        public VirtualClock Clock { get; }

        public GivenLookups Lookups { get; }

        public List<Phrase> Trace { get; } = [];

        // Whether a rule is skipped is said of the last event that it was asked about; what it did is told of all of them.
        public IReadOnlyList<ActedStep> ActedSteps(Expectation expectation) =>
        [
            .. _store.Finished
                .Where(entry => entry.Run.RuleName == expectation.Rule && entry.Step is { State: StepState.Done, Intent: not null })
                .Where(entry => expectation is not Expectation.IsSkipped || _events[entry.Run.DeliveryId].Event == _verdicts.Last(other => other.Verdict.Rule == expectation.Rule).Event)
                .Select(entry => new ActedStep(entry.Step.Intent!, entry.Step.At - _events[entry.Run.DeliveryId].At)),
        ];

        // A run that ended at a gate has the last word; a rule that no event concerns has none.
        public Verdict? LastVerdict(string rule) => _store.Runs.LastOrDefault(run => run.RuleName == rule) is { } run && IsLast(run, rule)
            ? new Verdict(rule, run.Gate, run.Reason)
            : _verdicts.LastOrDefault(entry => entry.Verdict.Rule == rule).Verdict;

        public async Task HappenAsync(Given.Happens happens, CancellationToken cancellationToken)
        {
            var envelope = Envelope(happens);
            if (happens.AnswersAsked && NoteThatAsks(envelope) is { } asked)
            {
                envelope = Envelope(happens with { Body = GivenEvents.Answering(happens.Body, asked) });
            }

            var now = Clock.GetUtcNow();
            var delivery = _store.AddEvent(new StoredEvent(_account, envelope, now, happens.Source) { MeId = GivenEvents.Me });
            var happening = EventReader.Read(envelope, _account, now, happens.Source, GivenEvents.Me);
            _events[delivery] = (happening, now);
            var facts = new PlanningFacts
            {
                Now = now,
                DeliveryId = delivery,
                Die = _die,
                IsOurs = happening.ActorId is { } actor && (actor == GivenEvents.Me || actor == happening.MeId),
            };
            Say(0, $"{happening.Type} happens");
            if (FindListener(happening, facts) is { } listener)
            {
                await HearAsync(listener, happening, delivery, cancellationToken);
                return;
            }

            var plan = RunPlanner.Plan(happening, _versions.Current, facts);
            var changed = plan.Runs
                .Select(planned => (planned.Run.RuleName, Verdict: _store.Add(planned)))
                .Where(entry => entry.Verdict is not null)
                .ToDictionary(entry => entry.RuleName, entry => entry.Verdict!, StringComparer.Ordinal);
            foreach (var verdict in plan.Verdicts)
            {
                Judge(happening, changed.GetValueOrDefault(verdict.Rule) ?? verdict);
            }

            await WorkAsync(cancellationToken);
        }

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

        private async Task WorkAsync(CancellationToken cancellationToken)
        {
            IReadOnlyList<Run> due;
            while ((due = await _store.ClaimDueAsync(1, cancellationToken)).Count > 0)
            {
                var before = _store.Finished.Count;
                Lookups.Event = _events[due[0].DeliveryId].Event;
                Lookups.Rule = due[0].RuleName;
                Lookups.HasWaited = due[0].Waited > TimeSpan.Zero || due[0].WaitsSince is not null;
                var verdicts = _store.LaterVerdicts.Count;
                await _executor.ExecuteAsync(due[0], cancellationToken);
                foreach (var (delivery, verdict) in _store.LaterVerdicts.Skip(verdicts))
                {
                    Judge(_events[delivery].Event, verdict);
                }

                foreach (var (run, step) in _store.Finished.Skip(before))
                {
                    Say(1, step.Reason is { } reason
                        ? Phrase.Of($"{run.RuleName}: {step.Intent?.Summary ?? step.Kind}: {StateOf(step)} ({reason})")
                        : Phrase.Of($"{run.RuleName}: {step.Intent?.Summary ?? step.Kind}: {StateOf(step)}"));
                }
            }
        }

        private void Judge(Event happening, Verdict verdict)
        {
            var before = _verdicts.FindIndex(entry => entry.Event == happening && entry.Verdict.Rule == verdict.Rule);
            if (before < 0)
            {
                _verdicts.Add((happening, verdict));
            }
            else
            {
                _verdicts[before] = (happening, verdict);
            }

            Say(1, verdict switch
            {
                { Gate: null, Because: null } => Phrase.Of($"{verdict.Rule}: runs"),
                { Gate: null } => Phrase.Of($"{verdict.Rule}: runs ({verdict.Because})"),
                { TookElse: true } => Phrase.Of($"{verdict.Rule}: {verdict.Gate}, takes its other steps ({verdict.Because})"),
                _ => Phrase.Of($"{verdict.Rule}: skipped: {verdict.Gate} ({verdict.Because})"),
            });
        }

        private bool IsLast(Run run, string rule)
        {
            var last = _verdicts.Last(entry => entry.Verdict.Rule == rule);
            return last.Verdict.Runs && _events[run.DeliveryId].Event == last.Event;
        }

        private Run? FindListener(Event happening, PlanningFacts facts) => !Hearing.IsPossible(happening) || Hearing.ParentOf(happening) is not { } parent ? null
            : _store.FindAnswered(parent).FirstOrDefault(run => Hears(run, happening, facts));

        private async Task HearAsync(Run listener, Event happening, long delivery, CancellationToken cancellationToken)
        {
            _store.Hear(listener, delivery);
            foreach (var verdict in Hearing.Verdicts(happening, _versions.Current, listener))
            {
                _verdicts.Add((happening, verdict));
            }

            Say(1, $"{listener.RuleName}: hears it");
            await WorkAsync(cancellationToken);
        }

        // The newest note of a run that would hear a reply of this person.
        private JsonElement? NoteThatAsks(JsonElement envelope)
        {
            var happening = EventReader.Read(envelope, _account, Clock.GetUtcNow(), knownMe: GivenEvents.Me);
            var facts = new PlanningFacts { Now = Clock.GetUtcNow(), DeliveryId = 0, IsOurs = happening.ActorId == GivenEvents.Me };
            return _store.Runs.Where(run => Hears(run, happening, facts))
                .SelectMany(run => run.Steps.Values).Where(step => step is { Intent.Endpoint: "notes/create", Answer: not null })
                .OrderBy(step => step.At).Select(step => (JsonElement?)JsonElement.Parse(step.Answer!)).LastOrDefault();
        }

        private bool Hears(Run run, Event happening, PlanningFacts facts) =>
            Hearing.Hears(_versions.Current.Find(run.RuleName)!, run, _events[run.DeliveryId].Event, happening, facts);

        // A recorded envelope keeps all but its time: it happens now.
        private JsonElement Envelope(Given.Happens happens)
        {
            var now = Clock.GetUtcNow();
            var envelope = happens.Recorded is { } recorded ? JsonNode.Parse(recorded)!.AsObject() : new JsonObject
            {
                ["server"] = GivenEvents.Server,
                ["hookId"] = "hook",
                ["userId"] = GivenEvents.Me,
                ["eventId"] = $"event-{_events.Count + 1}",
                ["type"] = happens.Type,
                ["body"] = JsonNode.Parse(happens.Body),
            };
            envelope["createdAt"] = now.ToUnixTimeMilliseconds();
            if (happens.Place is { } place)
            {
                envelope["place"] = place;
            }

            return happens.ForRule is { } rule
                ? CronEvents.Envelope(rule, now, new Uri(GivenEvents.Server), GivenEvents.Me)
                : JsonElement.Parse(envelope.ToJsonString());
        }

        private static Phrase StateOf(Step step) => step.State switch
        {
            StepState.Done => "done",
            StepState.Skipped => "skipped",
            StepState.Failed => "failed",
            var other => Phrase.Of($"{other.ToString().ToLowerInvariant()}"),
        };

        private void Say(int depth, Phrase line) => Trace.Add($"{Clock.GetUtcNow():HH:mm:ss} {new string(' ', 2 * depth)}{line}");
    }

    private sealed class NoAlarm : IAlarm
    {
        public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
