using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Tells in one line which part of an expression decided, and the values that it saw.</summary>
internal sealed class Explainer(SourceSlice source, Scope scope)
{
    private const int ValueLength = 60;
    private const int LineLength = 240;

    /// <summary>The line for an expression.</summary>
    public string Explain(Operation operation)
    {
        var line = string.Join(", ", Deciding(operation).Select(Line).Distinct(StringComparer.Ordinal));
        return Cut(line, LineLength);
    }

    // A false `and` is decided by its first false part, a true one by all of them; `or` the other way round.
    private IEnumerable<Operation> Deciding(Operation operation)
    {
        switch (operation)
        {
            case Junction junction:
                var first = junction.Operands[0].Evaluate(scope);
                if (!first.IsKnown || first.IsTrue != junction.IsAnd)
                {
                    return Deciding(junction.Operands[0]);
                }

                var second = junction.Operands[1].Evaluate(scope);
                return !second.IsKnown || second.IsTrue != junction.IsAnd
                    ? Deciding(junction.Operands[1])
                    : Deciding(junction.Operands[0]).Concat(Deciding(junction.Operands[1]));
            case Negation or WholeCondition:
                return Deciding(operation.Operands[0]);
            default:
                return [operation];
        }
    }

    private string Line(Operation operation)
    {
        var line = $"{Written(operation)} = {Shown(operation.Evaluate(scope))}";
        if (operation.IsRead)
        {
            return line;
        }

        var reads = Reads(operation).DistinctBy(Written, StringComparer.Ordinal).Select(read => $"{Written(read)} = {Shown(read.Evaluate(scope))}");
        return string.Join(", ", reads) is { Length: > 0 } seen ? $"{line} ({seen})" : line;
    }

    private static IEnumerable<Operation> Reads(Operation operation) =>
        operation.Operands.SelectMany(operand => operand.IsRead ? [operand] : Reads(operand));

    private string Written(Operation operation) => Cut(OneLine(source.Text[operation.Span.Start..operation.Span.End]), 2 * ValueLength);

    private static string Shown(Value value) => value.Kind switch
    {
        ValueKind.Needs => "not looked up yet",
        ValueKind.Error => value.Reason,
        ValueKind.Text => $"'{Cut(OneLine(value.Text), ValueLength)}'",
        ValueKind.List => value.List.Count == 1 ? "[1 entry]" : string.Create(CultureInfo.InvariantCulture, $"[{value.List.Count} entries]"),
        ValueKind.Map => "{…}",
        _ => value.ToString(),
    };

    private static string OneLine(string text) => string.Concat(Characters.Clean(text).Select(c => char.IsControl(c) ? ' ' : c));

    // Cut between two characters as people count them.
    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = 0;
        while (StringInfo.GetNextTextElementLength(text, end) is var next && end + next < length)
        {
            end += next;
        }

        return $"{text[..end]}…";
    }
}
