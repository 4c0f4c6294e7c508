using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>
/// Writes rule files as everybody would: indentation, blanks, quotes where YAML needs them, expressions in one spelling, a blank line
/// between rules. Comments, the order of keys, the text between holes and what stands in block texts stay. It changes the file's own
/// text at the places that reading found, and writes nothing anew.
/// </summary>
public static class RuleFormatter
{
    // These are about other files, which a file on its own does not have beside it.
    private static readonly DiagnosticDescriptor[] AboutOtherFiles = [ExpressionDiagnostics.UnknownList, RuleDiagnostics.UnreadableList];

    /// <summary>Formats one file; formatting the result again changes nothing. A file with errors is left as it is.</summary>
    /// <param name="file">The file.</param>
    /// <param name="actions">The table of steps: it says which values are expressions.</param>
    public static RuleFormatting Format(SourceText file, IReadOnlyList<ActionDescriptor> actions)
    {
        if (ErrorsIn(file, actions) is { Count: > 0 } errors)
        {
            return new(null, errors);
        }

        var documents = YamlReader.Read(file, new DiagnosticBag());
        var texts = new Dictionary<SourceNode, string>(ReferenceEqualityComparer.Instance);
        foreach (var (node, text) in documents.SelectMany(document => WrittenCode.Of(document, actions)))
        {
            texts[node] = text;
        }

        var layout = new BlockLayout(file, documents);
        var edits = new TextEdits(file.Text);
        foreach (var gap in layout.Gaps)
        {
            edits.Replace(gap.Span, gap.By);
        }

        SpellValues(file, layout, texts, edits);
        var lines = new LineLayout(file, layout, edits);
        if (lines.Read(documents) is { } stranger)
        {
            return new(null, []) { Obstacle = $"line {stranger} begins in a way that the formatter does not know" };
        }

        var formatted = new SourceText(file.Path, edits.Apply());
        var isSame = SameMeaning.Holds(documents, YamlReader.Read(formatted, new DiagnosticBag()), texts) && ErrorsIn(formatted, actions).Count == 0;
        return isSame ? new(formatted.Text, []) : new(null, []) { Obstacle = "the formatter found no other way to write it that certainly means the same" };
    }

    private static List<Diagnostic> ErrorsIn(SourceText file, IReadOnlyList<ActionDescriptor> actions) =>
        [.. RuleReader.Read([file], actions).Diagnostics.Where(finding => finding.Severity == Severity.Error && !AboutOtherFiles.Contains(finding.Descriptor))];

    private static void SpellValues(SourceText file, BlockLayout layout, Dictionary<SourceNode, string> texts, TextEdits edits)
    {
        foreach (var value in layout.Values)
        {
            Spell(file, value, value is not SourceNode.Scalar, texts, edits);
        }

        foreach (var key in layout.Keys)
        {
            SpellKey(file, layout.SpanOf(key), key.Text, edits);
        }
    }

    private static void Spell(SourceText file, SourceNode node, bool inFlow, Dictionary<SourceNode, string> texts, TextEdits edits)
    {
        switch (node)
        {
            case SourceNode.Scalar scalar:
                var isChanged = texts.TryGetValue(scalar, out var text);
                if (ScalarSpelling.Spell(file.Text[node.Span.Start..node.Span.End], text ?? scalar.Text, isChanged, inFlow, Behind(file.Text, node.Span.End)) is { } spelling)
                {
                    edits.Replace(node.Span, spelling);
                }

                break;
            case SourceNode.Sequence list:
                foreach (var entry in list.Entries)
                {
                    Spell(file, entry, inFlow, texts, edits);
                }

                break;
            case SourceNode.Mapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    Spell(file, entry.Value, inFlow, texts, edits);
                }

                break;
        }
    }

    private static void SpellKey(SourceText file, TextSpan span, string name, TextEdits edits)
    {
        var raw = file.Text[span.Start..span.End];
        if (raw is ['\'' or '"', ..] && ScalarSpelling.SpellKey(raw, name) is { } spelling && Behind(file.Text, span.End).TrimStart(" \t") is [':', ..])
        {
            edits.Replace(span, spelling);
        }
    }

    private static ReadOnlySpan<char> Behind(string text, int at) =>
        text.AsSpan(at) is var rest && rest.IndexOfAny('\r', '\n') is >= 0 and var end ? rest[..end] : text.AsSpan(at);
}
