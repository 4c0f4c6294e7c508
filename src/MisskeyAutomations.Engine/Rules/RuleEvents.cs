using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>The events that start a rule, and what its expressions can therefore name.</summary>
internal sealed class RuleEvents
{
    /// <summary>Where no step has named anything yet.</summary>
    public static readonly IReadOnlyDictionary<string, Shape> NoNames = new Dictionary<string, Shape>(StringComparer.Ordinal);

    private readonly IReadOnlyList<EventType> _types;
    private readonly IReadOnlySet<string> _lists;
    private readonly Dictionary<string, Shape> _lets = new(StringComparer.Ordinal);

    private RuleEvents(IReadOnlyList<EventType> types, IReadOnlyList<CronTrigger> crons, bool areKnown, IReadOnlySet<string> lists)
    {
        Crons = crons;
        _types = types;
        _lists = lists;
        Names = areKnown ? [.. types.Select(type => type.Name)] : [];
    }

    /// <summary>What the rule's expressions may look up, gathered while they are read.</summary>
    public HashSet<LookupKind> Lookups { get; } = [];

    /// <summary>Their names; empty when <c>on</c> could not be read.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The clock's among them.</summary>
    public IReadOnlyList<CronTrigger> Crons { get; }

    /// <summary>The first that is not an account's own and so does not tell for which account it is; null when all tell.</summary>
    public string? WithoutAccount => Names.Count == 0 ? null
        : _types.FirstOrDefault(type => type.Origin is EventOrigin.Clock or EventOrigin.SystemWebhook)?.Name;

    /// <summary>
    /// Reads <c>on</c>. When it holds an error, the rule is checked as if any event started it, so that one misspelt trigger does not
    /// make every variable of the rule unknown.
    /// </summary>
    /// <param name="reading">Where findings go.</param>
    /// <param name="on">The triggers; null where they are missing.</param>
    /// <param name="zone">The rule's own zone, for the clock; null for that of the set.</param>
    public static RuleEvents Read(Reading reading, SourceNode? on, TimeZoneInfo? zone)
    {
        var errors = reading.Errors;
        var types = new List<EventType>();
        var crons = new List<CronTrigger>();
        var triggers = new TriggerReader(reading, zone ?? reading.TimeZone);
        if (on is SourceNode.Sequence { Entries.Count: 0 })
        {
            reading.Report(RuleDiagnostics.Empty.At(on, "on") with { Hint = TriggerReader.Example });
        }

        foreach (var node in on?.OneOrMany ?? [])
        {
            if (triggers.Read(node) is not var (type, cron))
            {
                continue;
            }

            if (cron is null ? types.Any(known => known.Name == type.Name) : crons.Any(known => known.Key == cron.Key))
            {
                reading.Report(RuleDiagnostics.ListedTwice.At(node, cron?.Text ?? type.Name) with { Hint = "remove one" });
                continue;
            }

            if (cron is not null)
            {
                crons.Add(cron);
            }

            if (types.All(known => known.Name != type.Name))
            {
                types.Add(type);
            }
        }

        return reading.Errors > errors || types.Count == 0
            ? new(EventTypes.All, [], areKnown: false, reading.Lists) : new(types, crons, areKnown: true, reading.Lists);
    }

    /// <summary>The first event that lacks a variable; null when all bring it.</summary>
    public string? Lacking(string variable) => Names.Count == 0 ? null : _types.FirstOrDefault(type => !type.Variables.ContainsKey(variable))?.Name;

    /// <summary>The note that lists the events which bring a variable.</summary>
    public static Phrase With(string variable) =>
        $"events with a {variable}: {string.Join(", ", EventTypes.All.Where(type => type.Variables.ContainsKey(variable)).Select(type => type.Name))}";

    /// <summary>From now on the rule's expressions can use this name of its <c>let</c>.</summary>
    public void Name(string name, Shape shape) => _lets[name] = shape;

    /// <summary>What an expression at a place can name: what at least one of the events brings; for the others it is null.</summary>
    public ExpressionContext Context(string place, IReadOnlyDictionary<string, Shape> named)
    {
        var variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal);
        foreach (var (name, shape) in _types.SelectMany(type => type.Variables).Concat(_lets).Concat(named))
        {
            variables[name] = shape;
        }

        return new() { Variables = variables, Lists = _lists, EventTypes = Names, Place = place, Lookups = Lookups };
    }
}
