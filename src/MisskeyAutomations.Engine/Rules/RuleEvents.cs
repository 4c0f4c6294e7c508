using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>The events that start a rule, and what its expressions can therefore name.</summary>
internal sealed class RuleEvents
{
    private static readonly Dictionary<string, Shape> NoVariables = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<EventType> _types;
    private readonly IReadOnlySet<string> _lists;

    private RuleEvents(IReadOnlyList<EventType> types, bool areKnown, IReadOnlySet<string> lists)
    {
        _types = types;
        _lists = lists;
        Names = areKnown ? [.. types.Select(type => type.Name)] : [];
    }

    /// <summary>What the rule's expressions may look up, gathered while they are read.</summary>
    public HashSet<LookupKind> Lookups { get; } = [];

    /// <summary>Their names; empty when <c>on</c> could not be read.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Reads <c>on</c>. When it holds an error, the rule is checked as if any event started it, so that one misspelt trigger does not
    /// make every variable of the rule unknown.
    /// </summary>
    public static RuleEvents Read(Reading reading, SourceNode? on)
    {
        var errors = reading.Errors;
        var types = new List<EventType>();
        if (on is SourceNode.Sequence { Entries.Count: 0 })
        {
            reading.Report(RuleDiagnostics.Empty.At(on, "on") with { Hint = Triggers() });
        }

        foreach (var node in on?.OneOrMany ?? [])
        {
            if (ReadOne(reading, node) is { } type)
            {
                if (types.Any(known => known.Name == type.Name))
                {
                    reading.Report(RuleDiagnostics.ListedTwice.At(node, type.Name) with { Hint = "remove one" });
                    continue;
                }

                types.Add(type);
            }
        }

        return reading.Errors > errors || types.Count == 0 ? new(EventTypes.All, areKnown: false, reading.Lists) : new(types, areKnown: true, reading.Lists);
    }

    /// <summary>The first event that lacks a variable; null when all bring it.</summary>
    public string? Lacking(string variable) => Names.Count == 0 ? null : _types.FirstOrDefault(type => !type.Variables.ContainsKey(variable))?.Name;

    /// <summary>The note that lists the events which bring a variable.</summary>
    public static string With(string variable) =>
        $"events with a {variable}: " + string.Join(", ", EventTypes.All.Where(type => type.Variables.ContainsKey(variable)).Select(type => type.Name));

    /// <summary>What an expression at a place can name: what at least one of the events brings; for the others it is null.</summary>
    public ExpressionContext Context(string place, IReadOnlyDictionary<string, Shape> named)
    {
        var variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal);
        foreach (var (name, shape) in _types.SelectMany(type => type.Variables).Concat(named))
        {
            variables[name] = shape;
        }

        return new() { Variables = variables, Lists = _lists, EventTypes = Names, Place = place, Lookups = Lookups };
    }

    private static EventType? ReadOne(Reading reading, SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsNull: false } word:
                return EventTypes.Find(word.Text) ?? RefuseWord(reading, word);
            case SourceNode.Mapping mapping:
                return ReadMapping(reading, mapping);
            default:
                reading.ReportWrongKind("on", "a trigger or a list of triggers", node, Triggers());
                return null;
        }
    }

    private static EventType? RefuseWord(Reading reading, SourceNode.Scalar word)
    {
        if (Language.FutureTriggers.Contains(word.Text) || EventTypes.System.Contains(word.Text))
        {
            reading.Report(RuleDiagnostics.NotYet.At(word, "on: " + word.Text) with { Note = Supported() });
            return null;
        }

        reading.Report(RuleDiagnostics.UnknownTrigger.At(word, Excerpt.Of(word.Text)) with
        {
            Hint = Reading.DidYouMean(word.Text, EventTypes.All.Select(type => type.Name).Concat(Language.FutureTriggers).Concat(EventTypes.System))
                ?? "any other webhook type is written { type: NAME }",
            Note = Supported(),
        });
        return null;
    }

    private static EventType? ReadMapping(Reading reading, SourceNode.Mapping mapping)
    {
        if (mapping.Entries.FirstOrDefault(entry => Language.FutureTriggerKeys.Contains(entry.Name)) is { } future)
        {
            reading.Report(RuleDiagnostics.NotYet.At(future.Key, "on: { " + future.Name + ": … }") with { Note = Supported() });
            return null;
        }

        foreach (var (key, _) in mapping.Entries.Where(entry => entry.Name != "type"))
        {
            reading.ReportUnknownKey(key, "a trigger", ["type"], Language.FutureTriggerKeys);
        }

        if (mapping.Find("type") is not { } type || reading.ReadText("type", type.Value, "the name of a webhook type") is not { } name)
        {
            return null;
        }

        if (name.Text.Length > 100)
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("a webhook type")) with { Hint = "at most 100 characters" });
            return null;
        }

        return EventTypes.Find(name.Text) ?? new EventType(name.Text, "a webhook of this type", NoVariables);
    }

    private static Phrase Triggers() => "write on: followed, or on: [mention, reply]";

    private static Phrase Supported() => $"triggers: {string.Join(", ", EventTypes.All.Select(type => type.Name))}, {{ type: NAME }}";
}
