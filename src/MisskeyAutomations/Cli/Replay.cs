using System.Runtime.CompilerServices;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>Lets the past happen again under the rules as they are now, in order of time, and notes what differs. Nothing is sent.</summary>
internal sealed class Replay
{
    private readonly Stage _stage;
    private readonly ConditionalWeakTable<Event, PastEvent> _pastOf = [];
    private readonly Dictionary<(long Number, string Rule), ReplayedRule> _rules = [];
    private PastEvent? _current;

    public Replay(RuleSet rules, DateTimeOffset since, IReadOnlyDictionary<string, string> known, ActionDefaults defaults) => _stage = new Stage(
        rules, ActionTable.Offline(), new StageSettings { At = since, Lookups = new KnownLookups(known), Answers = known, Defaults = defaults, Forgets = true }, Note);

    /// <summary>Every rule that ran, or would run, or cannot be known, by event, in the order in which they came.</summary>
    public IEnumerable<ReplayedRule> Rules => _rules.Values;

    /// <summary>How many events happened again.</summary>
    public int Happened { get; private set; }

    /// <summary>How many were never put to rules: tests, and what another delivery had told before.</summary>
    public int NotDecided { get; private set; }

    /// <summary>How many were replies that a run had waited for: they are not said again.</summary>
    public int Heard { get; private set; }

    /// <summary>How many could not happen again: what they said is not kept any more.</summary>
    public int Gone { get; private set; }

    /// <summary>Keys of <c>state</c> that were taken as empty.</summary>
    public IReadOnlySet<string> EmptyState => _stage.EmptyState;

    /// <summary>Lets one event happen at its time.</summary>
    public async Task HappenAsync(PastEvent past, Func<PastEvent, Event, (bool IsRulesDeed, string? Thread)> factsOf, CancellationToken cancellationToken)
    {
        if (!past.WasDecided)
        {
            NotDecided++;
            return;
        }

        // The notes that runs post now have ids that nobody ever answered.
        if (past.Verdicts.Any(verdict => verdict.Gate == Gates.Heard))
        {
            Heard++;
            return;
        }

        if (past.Envelope is not { } envelope)
        {
            Gone++;
            return;
        }

        await _stage.LetPassAsync(past.ReceivedAt, cancellationToken);
        _current = past;
        var happening = EventReader.Read(envelope, past.Account, past.ReceivedAt, past.Source);
        foreach (var rule in past.Ran)
        {
            Of(past, happening, rule).Did = true;
        }

        foreach (var (rule, kind, count) in past.Deeds)
        {
            Of(past, happening, rule).Count(kind, 0, count);
        }

        var (isRulesDeed, thread) = factsOf(past, happening);
        var isSelf = past.Verdicts.Any(verdict => verdict.Gate == Gates.Self);
        await _stage.HappenAsync(
            new(past.Account, envelope, past.Source)
            {
                IsOurs = isSelf,
                IsRulesDeed = isSelf || isRulesDeed,
                Thread = thread,
                IsMuted = past.Verdicts.Any(verdict => verdict.Gate == Gates.Muted),
            },
            cancellationToken);
        Happened++;
    }

    /// <summary>Lets the waits end that end until then.</summary>
    public Task EndAsync(DateTimeOffset until, CancellationToken cancellationToken) => _stage.LetPassAsync(until, cancellationToken);

    private void Note(StageEntry entry)
    {
        switch (entry)
        {
            case StageEntry.Happened:
                _pastOf.Add(entry.Event, _current!);
                break;
            case StageEntry.Judged { Verdict: var verdict }:
                if (verdict.Runs || _rules.ContainsKey((PastOf(entry).Number, verdict.Rule)))
                {
                    Of(PastOf(entry), entry.Event, verdict.Rule).Would = verdict.Runs;
                }

                break;
            case StageEntry.Rested { Run: { State: RunState.Skipped, Gate: not null } skipped }:
                Of(PastOf(entry), entry.Event, skipped.RuleName).Would = false;
                break;
            case StageEntry.Unknown { Lookup: var lookup, Run.RuleName: var rule }:
                Of(PastOf(entry), entry.Event, rule).Needs = lookup.Kind.Endpoint;
                break;
            case StageEntry.Stepped { Step: { State: StepState.Done, Intent.Endpoint.Length: > 0 } step, Run.RuleName: var rule }:
                Of(PastOf(entry), entry.Event, rule).Count(step.Kind, 1, 0);
                break;
        }
    }

    private PastEvent PastOf(StageEntry entry) => _pastOf.TryGetValue(entry.Event, out var past) ? past : _current!;

    private ReplayedRule Of(PastEvent past, Event happening, string rule)
    {
        if (!_rules.TryGetValue((past.Number, rule), out var replayed))
        {
            var person = happening.User;
            _rules[(past.Number, rule)] = replayed = new(past.Number, rule, happening.Type)
            {
                Who = person?.Acct() is { } name ? $"@{name}" : "-",
                IsOfBot = person is { } user && user.IsTrue("isBot"),
            };
        }

        return replayed;
    }
}

/// <summary>One rule and one event: then, and under the rules as they are now.</summary>
internal sealed record ReplayedRule(long Number, string Rule, string Type)
{
    private readonly List<(string Kind, int Would, int Did)> _deeds = [];

    public required string Who { get; init; }

    public required bool IsOfBot { get; init; }

    public bool Would { get; set; }

    public bool Did { get; set; }

    /// <summary>What it would have to look up and nobody knows; null when it is known whether it would run.</summary>
    public string? Needs { get; set; }

    /// <summary>The requests by step: how many would be sent, how many were.</summary>
    public IReadOnlyList<(string Kind, int Would, int Did)> Deeds => _deeds;

    public bool Differs => Needs is null && Would != Did;

    public void Count(string kind, int would, int did)
    {
        var i = _deeds.FindIndex(deed => deed.Kind == kind);
        if (i < 0)
        {
            _deeds.Add((kind, would, did));
        }
        else
        {
            _deeds[i] = (kind, _deeds[i].Would + would, _deeds[i].Did + did);
        }
    }
}
