using System.ComponentModel;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>What the rules in force would do about an event. Nothing was sent, no server was asked.</summary>
internal sealed record SimulationAnswer(
    [property: Description("The rule whose run waits for it: then no rule starts on it; null otherwise")] string? HeardBy,
    IReadOnlyList<SimulatedRuleAnswer> Rules,
    [property: Description("Rules that would not be asked, with the reason")] IReadOnlyList<NotAskedAnswer> NotAsked,
    [property: Description("Endpoints that rules would ask and whose answers were not given: give them as `lookups`")] IReadOnlyList<string> Missing,
    [property: Description("Keys of kept state that were taken as empty: give them as `state`")] IReadOnlyList<string> EmptyState)
{
    public static SimulationAnswer Of(Simulation simulation, RecordedEvent recorded, RuleSet rules, Translation language)
    {
        var happened = simulation.Events[0];
        var asked = recorded with { Verdicts = [.. happened.Rules.Select(rule => rule.Verdict)] };
        return new(
            happened.HeardBy,
            [.. happened.Rules.Select(SimulatedRuleAnswer.Of)],
            [.. Absence.Of(asked, rules).Select(absent => new NotAskedAnswer(absent.Rule.Name, absent.Because.In(language)))],
            simulation.Missing,
            [.. simulation.EmptyState.Order(StringComparer.Ordinal)]);
    }
}

/// <summary>What a rule would do.</summary>
internal sealed record SimulatedRuleAnswer(
    VerdictAnswer Verdict,
    [property: Description("What it would have to look up and nobody gave; null when it can be known what it would do")] NeededAnswer? Needs,
    IReadOnlyList<StepAnswer> Steps,
    [property: Description("How its run would stand at last; null when there would be none")] RunState? End,
    string? Reason)
{
    public static SimulatedRuleAnswer Of(SimulatedRule rule) => new(
        VerdictAnswer.Of(rule.Verdict),
        rule.Unknown is { } lookup ? new(lookup.Kind.Endpoint ?? "", lookup.Key) : null,
        [.. rule.Steps.Select(step => StepAnswer.Of(step, beganAt: null, attempts: 0))],
        rule.End?.State,
        rule.End?.Reason);
}

/// <summary>A look-up.</summary>
internal sealed record NeededAnswer(string Endpoint, string Key);
