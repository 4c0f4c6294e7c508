using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// Mappings, lists and scalars of any depth, typed as JSON types them.
internal sealed partial class ArgumentReader
{
    private Argument? ReadJson(SourceNode node, ExpressionContext context)
    {
        switch (node)
        {
            case SourceNode.Scalar scalar:
                return ReadJsonScalar(scalar, context);
            case SourceNode.Sequence sequence:
                List<Argument> entries = [.. sequence.Entries.Select(entry => ReadJson(entry, context)).OfType<Argument>()];
                return entries.Count == sequence.Entries.Count ? new Argument.Sequence(entries) : null;
            case SourceNode.Mapping mapping:
                return ReadJsonMapping(mapping, context);
            default:
                return null;
        }
    }

    private Argument? ReadJsonScalar(SourceNode.Scalar scalar, ExpressionContext context)
    {
        if (scalar.IsNull)
        {
            return new Argument.Constant(Value.Null);
        }

        if (scalar is { IsPlain: true, Text: "true" or "false" })
        {
            return new Argument.Constant(Value.Of(scalar.Text == "true"));
        }

        if (scalar.IsPlain && CoreScalar.IsNumber(scalar.Text))
        {
            return new Argument.Constant(Value.Of(CoreScalar.ToNumber(scalar.Text)));
        }

        // What is exactly one hole keeps its type; an object within a text is a mistake here too.
        var isOneHole = scalar.Text.StartsWith("${", StringComparison.Ordinal) && scalar.Text.IndexOf('}', StringComparison.Ordinal) == scalar.Text.Length - 1;
        return ExpressionCompiler.CompileTemplate(scalar.Value, context with { IsForPeople = !isOneHole }, reading.Diagnostics) is { } template ? new Argument.Text(template) : null;
    }

    private Argument.Mapping? ReadJsonMapping(SourceNode.Mapping mapping, ExpressionContext context)
    {
        var entries = new Dictionary<string, Argument>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (ReadJson(value, context) is { } argument)
            {
                entries[key.Text] = argument;
            }
        }

        return entries.Count == mapping.Entries.Count ? new(entries) : null;
    }
}
