using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>What the rules in force would do about an event, as far as it can be told from what somebody gave.</summary>
/// <param name="Rules">The rules in force.</param>
/// <param name="Lookups">What rules would look up, as it was typed, by endpoint.</param>
/// <param name="State">What would be kept, as it was typed, by key.</param>
/// <param name="Told">What would come to pass; null when it cannot be told.</param>
/// <param name="Trouble">Why not.</param>
internal sealed record EventSimulation(
    RuleSet Rules, IReadOnlyDictionary<string, string> Lookups, IReadOnlyDictionary<string, string> State, SimulatedEvent? Told, Phrase? Trouble)
{
    /// <summary>What the names of form fields begin with that bear a look-up; the endpoint follows.</summary>
    public const string LookupField = "lookup:";

    /// <summary>The same of what is kept; the key follows.</summary>
    public const string StateField = "state:";

    /// <summary>The endpoints that rules ask.</summary>
    public IReadOnlyList<string> Endpoints { get; private init; } = [.. Lookups.Keys];

    /// <summary>The keys that rules read.</summary>
    public IReadOnlyList<string> Keys { get; private init; } = [.. State.Keys];

    /// <summary>Asks the rules for show.</summary>
    /// <param name="recorded">The event.</param>
    /// <param name="envelope">Its request.</param>
    /// <param name="form">What somebody gave.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="readers">Where it is recorded.</param>
    /// <param name="defaults">What actions go by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<EventSimulation> RunAsync(
        RecordedEvent recorded, JsonElement envelope, IFormCollection form, RuleSet rules, StoreReaders readers, ActionDefaults defaults, CancellationToken cancellationToken)
    {
        var (lookups, state) = (Given(form, LookupField), Given(form, StateField));
        if (FlawOf([.. lookups, .. state]) is { } flaw)
        {
            return new(rules, lookups, state, Told: null, flaw);
        }

        var known = Simulation.Know(lookups, state);
        var simulation = await Simulation.RunAsync(rules, [Simulation.Of(recorded, envelope, readers)], known, defaults, cancellationToken);
        return new(rules, lookups, state, simulation.Events[0], Trouble: null)
        {
            Endpoints = [.. simulation.Missing.Union(lookups.Keys, StringComparer.Ordinal)],
            Keys = [.. simulation.EmptyState.Union(state.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private static Dictionary<string, string> Given(IFormCollection form, string prefix) => form
        .Where(field => field.Key.StartsWith(prefix, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(field.Value))
        .ToDictionary(field => field.Key[prefix.Length..], field => field.Value.ToString(), StringComparer.Ordinal);

    private static Phrase? FlawOf(IReadOnlyList<KeyValuePair<string, string>> given)
    {
        foreach (var (name, text) in given)
        {
            try
            {
                JsonElement.Parse(text);
            }
            catch (JsonException flaw)
            {
                return Phrase.Of($"What was given for {name} is no JSON, from line {(flaw.LineNumber ?? 0) + 1} on. A text stands in \"quotes\", a number without.");
            }
        }

        return null;
    }
}
