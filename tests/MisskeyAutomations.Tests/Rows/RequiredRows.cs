using System.Reflection;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Rows;

/// <summary>What must have a row: read from the engine's own tables wherever there is one.</summary>
internal static class RequiredRows
{
    /// <summary>The keys of the rows of each file.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByFile { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["keys.rows"] = [.. Keys()],
        ["triggers.rows"] = [.. Triggers()],
        ["expressions.rows"] = Expressions,
        ["steps.rows"] = [.. Steps()],
        ["gates.rows"] = [.. typeof(Gates).GetFields(BindingFlags.Public | BindingFlags.Static).Select(gate => (string)gate.GetValue(null)!)],
        ["safety.rows"] = [.. Safety()],
        ["traps.rows"] = Traps,
    };

    private static IReadOnlyList<string> Expressions =>
    [
        "path", "variable in brackets", "index", "and or not", "comparison", "in", "arithmetic", "if", "text", "pattern", "duration", "number", "null", "condition",
        "text comparison", "text with number", "dice", "all any none", "schema", "enrichment", "template", "neutral text", "cut text", "budget of source", "budget of words", "budget of nesting", "budget of results",
    ];

    private static IReadOnlyList<string> Traps =>
    [
        "tag", "list of one", "colons around", "colon inside", "comment inside", "leading sign", "conditional", "cron unquoted", "flow", "escape", "double braces",
        "anchor", "text before in", "option below verb", "full-width sign", "hyphen in name", "foreign operator", "no unit", "no period", "duplicate key", "unknown word",
        "said", "mention", "look-around",
    ];

    private static IEnumerable<string> Keys() =>
    [
        .. Language.FileKeys.Select(key => $"file {key}"),
        .. DefaultsReader.Keys.Select(key => $"defaults {key}"),
        .. Language.RuleKeys,
        .. Words<RuleMode>().Select(word => $"enabled {word switch { "enabled" => "true", "disabled" => "false", _ => "dry-run" }}"),
        .. Words<Inclusions>().Where(word => word != "none").Select(word => $"include {word}"),
        .. Language.ConditionKeys.Select(word => $"when {word}"),
        .. Words<OverlapMode>().Select(word => $"overlap {word}"),
        .. OverlapReader.Keys.Select(word => $"overlap per {word}"),
        .. Language.LimitKeys.Select(word => $"limit {word}"),
        .. Words<LimitKey>().Select(word => $"limit per {word}"),
        .. Words<CalendarUnit>().Select(word => $"limit within {word}"),
        .. Words<LimitOver>().Select(word => $"limit over {word}"),
        "limit once", "limit list", "duration", "range",
    ];

    private static IEnumerable<string> Triggers() =>
    [
        .. EventTypes.All.Select(type => type.Name),
        .. EventTypes.Places.Select(place => place.Key),
        "cron", "cron timezone", "cron missed", "type", "on list", "one event, one decision",
        .. EventTypes.Always.Keys.Select(name => $"variable {name}"),
        .. Computed("user", Schema.User),
        .. Computed("note", Schema.Note),
    ];

    private static IEnumerable<string> Steps() =>
    [
        .. ActionTable.Descriptors.Select(row => row.Name),
        .. ActionTable.Descriptors.SelectMany(row => row.Options.Select(option => $"{row.Name} {option.Name}")),
        .. Language.FlowSteps,
        "if then", "if else", "for-each do", "wait-for within", "wait-for else", "wait-for as", "set expires",
        .. StateKey.Scopes.Select(scope => $"set per {scope}"),
        .. Language.CommonOptions,
        .. Language.Assurances.Select(word => $"delivery {word}"),
    ];

    private static IEnumerable<string> Safety() =>
    [
        .. Language.Visibilities.Select(visibility => $"floor {visibility}"),
        "private text", "private let", "private as", "private state", "private answer of api", "loops per user", "loops per thread", "loops breaker", "conversation",
        .. Budget.Standard.Keys.Select(name => $"budget {name}"),
        "patience", "revoked token", "panic", "literal endpoint", "admin endpoint", "closed endpoint", "edited rule", "deleted rule", "not addressed", "test button", "own notes",
    ];

    private static IEnumerable<string> Computed(string name, Shape shape) =>
        ((Shape.ObjectShape)shape).Properties.Values.Where(property => property.Compute is not null).Select(property => $"{name}.{property.Name}");

    private static IEnumerable<string> Words<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(name => name.ToLowerInvariant());
}
