using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads conditions: an expression, a list of them (all must hold), or <c>all any none</c> nested at will.</summary>
internal sealed class ConditionReader(Reading reading, RuleEvents events)
{
    /// <summary>Null after an error.</summary>
    public Condition? Read(string key, SourceNode node, string place, IReadOnlyDictionary<string, Shape> named)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsNull: false } scalar:
                return ExpressionCompiler.CompileCondition(scalar.Value, events.Context(place, named), reading.Diagnostics) is { } compiled
                    ? new Condition.Holds(compiled) : null;
            case SourceNode.Sequence sequence:
                if (sequence is { IsFlow: true, Entries: [SourceNode.Scalar only] })
                {
                    reading.Report(RuleDiagnostics.ListOfOne.At(sequence) with { Hint = $"write {key}: {Excerpt.Of(only.Text)}, or a list with dashes" });
                }

                return ReadAll(key, sequence, place, named) is { } all ? all.Count == 1 ? all[0] : new Condition.All(all) : null;
            case SourceNode.Mapping mapping:
                return ReadTree(key, mapping, place, named);
            default:
                reading.ReportWrongKind(key, "a condition", node);
                return null;
        }
    }

    private List<Condition>? ReadAll(string key, SourceNode node, string place, IReadOnlyDictionary<string, Shape> named)
    {
        var entries = node.OneOrMany;
        if (entries.Count == 0)
        {
            reading.Report(RuleDiagnostics.Empty.At(node, key) with { Hint = "it takes a condition" });
            return null;
        }

        if (node is SourceNode.Sequence { IsFlow: true } && entries.OfType<SourceNode.Scalar>().FirstOrDefault(IsCut) is { } cut)
        {
            var opening = cut.Text.LastIndexOf('(');
            reading.Report(ExpressionDiagnostics.Unclosed.At(cut.Value, new(opening, opening + 1), "(") with { Hint = FlowComma.Hint });
            return null;
        }

        List<Condition> conditions = [.. entries.Select((entry, i) => Read(key, entry, $"{place}[{i}]", named)).OfType<Condition>()];
        return conditions.Count == entries.Count ? conditions : null;
    }

    private static bool IsCut(SourceNode.Scalar entry) => entry.IsPlain && FlowComma.CutsCall(entry.Text);

    private Condition? ReadTree(string key, SourceNode.Mapping mapping, string place, IReadOnlyDictionary<string, Shape> named)
    {
        var conditions = new List<Condition>();
        foreach (var (name, value) in mapping.Entries)
        {
            if (!Language.ConditionKeys.Contains(name.Text, StringComparer.Ordinal))
            {
                reading.ReportUnknownKey(name, $"'{key}'", Language.ConditionKeys);
                continue;
            }

            if (ReadAll(name.Text, value, $"{place}.{name.Text}", named) is { } entries)
            {
                conditions.Add(name.Text switch
                {
                    "all" => new Condition.All(entries),
                    "any" => new Condition.Any(entries),
                    _ => new Condition.None(entries),
                });
            }
        }

        if (mapping.Entries.Count == 0)
        {
            reading.Report(RuleDiagnostics.Empty.At(mapping, key) with { Hint = "it takes all:, any: or none:" });
        }

        return conditions.Count != mapping.Entries.Count || conditions.Count == 0 ? null : conditions.Count == 1 ? conditions[0] : new Condition.All(conditions);
    }
}
