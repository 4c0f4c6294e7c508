using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Oversight;
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

    /// <summary>Everything that would come to pass, event by event.</summary>
    public void Print(Simulation simulation)
    {
        foreach (var happened in simulation.Events)
        {
            Print(happened);
        }

        if (simulation.Missing.Count > 0)
        {
            var shape = $"{{ {string.Join(", ", simulation.Missing.Select(endpoint => $"\"{endpoint}\": {{ … }}"))} }}";
            Write(($"{Tell($"Give what was missing in a file: --lookups FILE.json with {shape}")}", Held));
        }

        if (simulation.EmptyState.Count > 0)
        {
            var keys = string.Join(", ", simulation.EmptyState.Order(StringComparer.Ordinal));
            Write(($"{Tell($"Taken as not kept yet: {keys}. Give it with --lookups: {{ \"state\": {{ … }} }}")}", Quiet));
        }

        Write((Tell($"Nothing was sent."), Quiet));
    }

    private void Print(SimulatedEvent happened)
    {
        var (happening, at) = (happened.Event, happened.At);
        var recorded = RecordedOf(happening, at, [.. happened.Rules.Select(rule => rule.Verdict)]);
        Write((WhyPrinter.TypesOf(recorded), Strong), ($"  {WhyPrinter.WhoOf(recorded)}  {LocalTime.WithZone(at)}", Style.Plain));
        Write(($"  {Tell($"id {happening.Id}, account {happening.Account}")}", Quiet));
        if (happened.HeardBy is { } hearing)
        {
            Write(($"  {Tell($"it is the reply that '{hearing}' waits for: no rule starts on it")}", Held));
        }

        foreach (var rule in happened.Rules)
        {
            Print(rule, at);
        }

        foreach (var (rule, because) in Absence.Of(recorded, rules))
        {
            Write(($"  {rule.Name}  ", Strong), (Tell($"is not asked"), Held), ($"  {because.In(language)}", Style.Plain));
        }

        if (happened.Rules.Count == 0)
        {
            var triggers = string.Join(", ", rules.Rules.SelectMany(rule => rule.Triggers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            Write(($"  {Tell($"No rule listens to it. The rules start on: {triggers}")}", Held));
        }
    }

    private void Print(SimulatedRule rule, DateTimeOffset happened)
    {
        if (rule.Unknown is { } unknown)
        {
            var endpoint = unknown.Kind.Endpoint!;
            Write(($"  {rule.Verdict.Rule}  ", Strong), (Tell($"cannot be decided further: it needs {endpoint} of {unknown.Key}, which is not given"), Held));
        }
        else
        {
            Write(($"  {rule.Verdict.Rule}  ", Strong), (WhyWords.Of(rule.Verdict).In(language), rule.Verdict.Runs ? Good : Held),
                (rule.Verdict.Because is { } because ? $"  {because}" : "", Style.Plain));
        }

        foreach (var step in rule.Steps)
        {
            Print(step, happened);
        }

        if (rule.End is { State: RunState.Failed or RunState.Cancelled or RunState.Waiting } end)
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
