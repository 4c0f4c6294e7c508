using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Prints what would happen. Whatever people wrote is printed escaped.</summary>
internal sealed class SimulationPrinter(RuleSet rules, Translation language)
{
    private const int LongestText = 8_000;

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Held = new(Color.Yellow);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Everything that came to pass, event by event.</summary>
    /// <param name="told">It, in order.</param>
    /// <param name="emptyState">Keys that were taken as empty.</param>
    public void Print(IReadOnlyList<StageEntry> told, IReadOnlySet<string> emptyState)
    {
        foreach (var its in told.GroupBy(entry => entry.Event, ReferenceEqualityComparer.Instance).Select(group => group.ToList()))
        {
            Print(its);
        }

        var missing = told.OfType<StageEntry.Unknown>().Select(entry => entry.Lookup.Kind.Endpoint!).Distinct(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var shape = $"{{ {string.Join(", ", missing.Select(endpoint => $"\"{endpoint}\": {{ … }}"))} }}";
            Write(($"{Tell($"Give what was missing in a file: --lookups FILE.json with {shape}")}", Held));
        }

        if (emptyState.Count > 0)
        {
            var keys = string.Join(", ", emptyState.Order(StringComparer.Ordinal));
            Write(($"{Tell($"Taken as not kept yet: {keys}. Give it with --lookups: {{ \"state\": {{ … }} }}")}", Quiet));
        }

        Write((Tell($"Nothing was sent."), Quiet));
    }

    private void Print(List<StageEntry> its)
    {
        var happening = its[0].Event;
        var verdicts = Verdicts(its);
        var recorded = RecordedOf(happening, its[0].At, verdicts);
        Write((WhyPrinter.TypesOf(recorded), Strong), ($"  {WhyPrinter.WhoOf(recorded)}  {LocalTime.WithZone(its[0].At)}", Style.Plain));
        Write(($"  {Tell($"id {happening.Id}, account {happening.Account}")}", Quiet));
        if (its.OfType<StageEntry.Heard>().FirstOrDefault() is { Run: var hearing })
        {
            Write(($"  {Tell($"it is the reply that '{hearing.RuleName}' waits for: no rule starts on it")}", Held));
        }

        foreach (var verdict in verdicts)
        {
            Print(verdict, [.. its.Where(entry => RuleOf(entry) == verdict.Rule)], its[0].At);
        }

        foreach (var (rule, because) in Absence.Of(recorded, rules))
        {
            Write(($"  {rule.Name}  ", Strong), (Tell($"is not asked"), Held), ($"  {because.In(language)}", Style.Plain));
        }

        if (verdicts.Count == 0)
        {
            var triggers = string.Join(", ", rules.Rules.SelectMany(rule => rule.Triggers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            Write(($"  {Tell($"No rule listens to it. The rules start on: {triggers}")}", Held));
        }
    }

    private void Print(Verdict verdict, IReadOnlyList<StageEntry> entries, DateTimeOffset happened)
    {
        var end = entries.OfType<StageEntry.Rested>().LastOrDefault()?.Run;
        if (entries.OfType<StageEntry.Unknown>().FirstOrDefault() is { } unknown)
        {
            var endpoint = unknown.Lookup.Kind.Endpoint!;
            Write(($"  {verdict.Rule}  ", Strong), (Tell($"cannot be decided further: it needs {endpoint} of {unknown.Lookup.Key}, which is not given"), Held));
        }
        else
        {
            var final = end is null ? verdict : verdict.After(end.State, end.Gate, end.Reason);
            Write(($"  {verdict.Rule}  ", Strong), (WhyWords.Of(final).In(language), final.Runs ? Good : Held), (final.Because is { } because ? $"  {because}" : "", Style.Plain));
        }

        foreach (var stepped in entries.OfType<StageEntry.Stepped>().Where(entry => entry.Step.Kind != FrozenLets.Kind))
        {
            Print(stepped.Step, happened);
        }

        if (end is { State: RunState.Failed or RunState.Cancelled or RunState.Waiting })
        {
            Write(($"    {WhyWords.Of(end.State).In(language)}", Held), (end.Reason is { } reason ? $"  {reason}" : "", Style.Plain));
        }
    }

    private void Print(Step step, DateTimeOffset happened)
    {
        var when = step.At == happened ? Tell($"at once") : Tell($"at {LocalTime.WithZone(step.At)}");
        var word = step.State == StepState.Done ? Phrase.Of("would be done") : WhyWords.Of(step.State);
        Write(($"    {when}  {step.Path}  {step.Kind}  ", Quiet), (word.In(language), step.State == StepState.Done ? Good : Held),
            (step.Intent is { } summarized ? $"  {summarized.Summary}" : "", Style.Plain), (step.Reason is { } because ? $"  {because}" : "", Quiet));
        if (step.Intent is not { Endpoint.Length: > 0 } intent)
        {
            return;
        }

        Write(($"      {intent.Endpoint}  {intent.Body}", Style.Plain));
        using var body = JsonDocument.Parse(intent.Body);
        if (body.RootElement.GetText("visibility") is { } visibility)
        {
            Write(($"      {Tell($"visibility: {visibility}")}", Quiet));
        }

        foreach (var remark in intent.Remarks)
        {
            Write(($"      {remark}", Quiet));
        }
    }

    private static List<Verdict> Verdicts(List<StageEntry> its)
    {
        var verdicts = new List<Verdict>();
        foreach (var verdict in its.SelectMany(entry => entry switch
        {
            StageEntry.Judged judged => (IEnumerable<Verdict>)[judged.Verdict],
            StageEntry.Heard heard => heard.Verdicts,
            _ => [],
        }))
        {
            verdicts.Put(verdict);
        }

        return verdicts;
    }

    private static string? RuleOf(StageEntry entry) => entry switch
    {
        StageEntry.Stepped stepped => stepped.Run.RuleName,
        StageEntry.Rested rested => rested.Run.RuleName,
        StageEntry.Unknown unknown => unknown.Run.RuleName,
        _ => null,
    };

    private static RecordedEvent RecordedOf(Event happening, DateTimeOffset at, IReadOnlyList<Verdict> verdicts) => new()
    {
        Number = 0,
        Account = happening.Account,
        EventId = happening.Id,
        Source = happening.Source,
        CreatedAt = happening.CreatedAt,
        ReceivedAt = at,
        State = DeliveryState.Planned,
        Type = happening.Type,
        Verdicts = verdicts,
        Note = null,
        Happening = happening,
        IsBodyKept = true,
    };

    private string Tell(Phrase phrase) => phrase.In(language);

    private static void Write(params ReadOnlySpan<(string Text, Style Style)> parts) => StyledLine.Write(LongestText, parts);
}
