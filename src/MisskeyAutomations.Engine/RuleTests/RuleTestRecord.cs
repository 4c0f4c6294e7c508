using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>What came to pass in one test, for its expectations and for people.</summary>
/// <param name="start">When it begins.</param>
/// <param name="looked">The rules that it looks at. What gates said to others nobody asks: finding words for it would take longer than all else.</param>
internal sealed class RuleTestRecord(DateTimeOffset start, IReadOnlySet<string> looked)
{
    private readonly List<(Event Event, Verdict Verdict)> _verdicts = [];
    private readonly List<StageEntry.Stepped> _steps = [];
    private readonly Dictionary<Event, DateTimeOffset> _happened = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<long, Event> _eventOfRun = [];

    public List<TraceLine> Trace { get; } = [];

    public void Add(StageEntry entry)
    {
        switch (entry)
        {
            case StageEntry.Happened:
                _happened[entry.Event] = entry.At;
                Say(entry, null, $"{entry.Event.Type} happens");
                break;
            case StageEntry.Judged judged:
                Judge(judged, judged.Verdict);
                break;
            case StageEntry.Heard heard:
                _verdicts.AddRange(heard.Verdicts.Select(verdict => (heard.Event, verdict)));
                Say(entry, heard.Run.RuleName, $"{heard.Run.RuleName}: hears it");
                break;
            case StageEntry.Stepped { Run: var run, Step: var step } stepped:
                _steps.Add(stepped);
                Say(entry, run.RuleName, step.Reason is { } reason
                    ? Phrase.Of($"{run.RuleName}: {step.Intent?.Summary ?? step.Kind}: {StateOf(step)} ({reason})")
                    : Phrase.Of($"{run.RuleName}: {step.Intent?.Summary ?? step.Kind}: {StateOf(step)}"));
                break;
            case StageEntry.Rested rested:
                _eventOfRun[rested.Run.Id] = rested.Event;
                break;
        }
    }

    // Whether a rule is skipped is said of the last event that it was asked about; what it did is told of all of them.
    public IReadOnlyList<ActedStep> ActedSteps(Expectation expectation) =>
    [
        .. _steps
            .Where(entry => entry.Run.RuleName == expectation.Rule && entry.Step is { State: StepState.Done, Intent: not null })
            .Where(entry => expectation is not Expectation.IsSkipped || entry.Event == _verdicts.Last(other => other.Verdict.Rule == expectation.Rule).Event)
            .Select(entry => new ActedStep(entry.Step.Intent!, entry.Step.At - _happened[entry.Event])),
    ];

    // A run that ended at a gate has the last word; a rule that no event concerns has none.
    public Verdict? LastVerdict(string rule, IEnumerable<Run> runs) => runs.LastOrDefault(run => run.RuleName == rule) is { } run && IsLast(run, rule)
        ? new Verdict(rule, run.Gate, run.Reason)
        : _verdicts.LastOrDefault(entry => entry.Verdict.Rule == rule).Verdict;

    private void Judge(StageEntry entry, Verdict verdict)
    {
        if (!looked.Contains(verdict.Rule))
        {
            return;
        }

        var before = _verdicts.FindIndex(other => other.Event == entry.Event && other.Verdict.Rule == verdict.Rule);
        if (before < 0)
        {
            _verdicts.Add((entry.Event, verdict));
        }
        else
        {
            _verdicts[before] = (entry.Event, verdict);
        }

        Say(entry, verdict.Rule, verdict switch
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
        return last.Verdict.Runs && _eventOfRun.GetValueOrDefault(run.Id) == last.Event;
    }

    private static Phrase StateOf(Step step) => step.State switch
    {
        StepState.Done => "done",
        StepState.Skipped => "skipped",
        StepState.Failed => "failed",
        var other => Phrase.Of($"{other.ToString().ToLowerInvariant()}"),
    };

    // The clock may go on for days: those after the first are numbered.
    private void Say(StageEntry entry, string? rule, Phrase line)
    {
        var days = (entry.At.UtcDateTime.Date - start.UtcDateTime.Date).Days;
        Trace.Add(new(rule, $"{(days > 0 ? $"+{days}d " : "")}{entry.At:HH:mm:ss} {(rule is null ? "" : "  ")}{line}"));
    }
}
