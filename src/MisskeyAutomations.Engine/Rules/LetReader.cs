using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads <c>let</c>: named expressions, each of which sees those before it.</summary>
internal sealed class LetReader(Reading reading, RuleEvents events)
{
    public IReadOnlyDictionary<string, CompiledExpression> Read(SourceNode node)
    {
        var named = new Dictionary<string, CompiledExpression>(StringComparer.Ordinal);
        if (node is not SourceNode.Mapping mapping)
        {
            reading.ReportWrongKind("let", "a mapping from names to expressions", node, "write let: { NAME: expression }");
            return named;
        }

        foreach (var (name, value) in mapping.Entries)
        {
            var isUsable = ValueNames.IsUsable(reading, name, Phrase.Of("a value"), events.Context("", RuleEvents.NoNames));
            if (reading.ReadText(name.Text, value, "an expression") is not { } text)
            {
                continue;
            }

            var compiled = ExpressionCompiler.Compile(text.Value, events.Context($"let.{name.Text}", RuleEvents.NoNames), reading.Diagnostics);
            if (isUsable)
            {
                // After an error the name is there all the same, so that the rest of the rule is not told that it is unknown.
                events.Name(name.Text, compiled?.Shape ?? Shape.Any);
                if (compiled is not null)
                {
                    named[name.Text] = compiled;
                }
            }
        }

        return named;
    }
}
