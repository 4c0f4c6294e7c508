using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads <c>lists:</c>. All values are text, and markup like every literal of a rule file.</summary>
internal sealed partial class ListReader(Reading reading, Func<string, string, string?> readList)
{
    private const int MaxListLength = 1024 * 1024;

    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceSlice> _places = new(StringComparer.Ordinal);

    /// <summary>The lists by name.</summary>
    public IReadOnlyDictionary<string, Value> Values => _values;

    public void Read(SourceNode node)
    {
        if (node is not SourceNode.Mapping lists)
        {
            reading.ReportWrongKind("lists", "names with lists of values", node, "write NAME: [a, b]");
            return;
        }

        foreach (var (name, value) in lists.Entries)
        {
            if (Claim(name))
            {
                // A list with a faulty value exists all the same: rules that use it are not at fault.
                _values[name.Text] = ReadValues(name.Text, value);
            }
        }
    }

    private bool Claim(SourceSlice name)
    {
        if (!Name().IsMatch(name.Text))
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("a list")) with
            {
                Hint = $"a letter, then letters, digits and _: {Suggestion(name.Text)}",
                Note = "a '-' in an expression subtracts",
            });
            return false;
        }

        if (_places.TryGetValue(name.Text, out var first))
        {
            reading.Report(RuleDiagnostics.DuplicateList.At(name, name.Text) with { Note = Place.First(first) });
            return false;
        }

        _places.Add(name.Text, name);
        return true;
    }

    private static string Suggestion(string name)
    {
        var fitting = NotNameCharacters().Replace(Excerpt.Of(name), "_");
        return fitting.Length > 0 && char.IsLetter(fitting[0]) ? fitting : "list_" + fitting;
    }

    private Value ReadValues(string name, SourceNode node) => node switch
    {
        SourceNode.Sequence sequence => ToValue(sequence.Entries.Select(entry => reading.ReadText(name, entry, "text values")?.Text).OfType<string>()),
        SourceNode.Mapping mapping => ReadFile(name, mapping),
        _ => Refuse(name, node),
    };

    private Value Refuse(string name, SourceNode node)
    {
        reading.ReportWrongKind(name, "a list of values or { file: PATH }", node, $"write {name}: [a, b]");
        return Value.Of([]);
    }

    private Value ReadFile(string name, SourceNode.Mapping mapping)
    {
        foreach (var (key, _) in mapping.Entries.Where(entry => entry.Name != "file"))
        {
            reading.ReportUnknownKey(key, $"list '{name}'", ["file"]);
        }

        if (mapping.Find("file") is not { } file)
        {
            return Value.Of([]);
        }

        if (reading.ReadText("file", file.Value, "a path") is not { } path)
        {
            return Value.Of([]);
        }

        // A rule that somebody copied must not make a list of a key or a password and post it.
        if (Path.IsPathRooted(path.Text) || path.Text.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.UnreadableList.At(path, Excerpt.Of(path.Text)) with { Note = "the file lies beside the rule file or in a folder below it" });
            return Value.Of([]);
        }

        if (readList(path.Source.Path, path.Text) is not { } content)
        {
            reading.Report(RuleDiagnostics.UnreadableList.At(path, Excerpt.Of(path.Text)) with { Note = "the path is relative to the rule file; one value a line" });
            return Value.Of([]);
        }

        if (content.Length > MaxListLength)
        {
            reading.Report(RuleDiagnostics.ListTooLarge.At(path, Excerpt.Of(path.Text), MaxListLength));
            return Value.Of([]);
        }

        return ToValue(content.TrimStart('\ufeff').Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    private static Value ToValue(IEnumerable<string> values) => Value.Of([.. values.Select(value => Value.Of(value, ValueMarks.Markup))], ValueMarks.Markup);

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{M}\p{N}_]{0,99}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Name();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}_]+", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex NotNameCharacters();
}

/// <summary>Tells a place as people and editors do.</summary>
internal static class Place
{
    public static string Of(SourceText source, TextSpan span)
    {
        var (line, column) = source.GetPosition(span.Start);
        return $"{source.Path}:{line}:{column}";
    }

    public static Phrase First(SourceSlice slice) => $"first at {Of(slice.Source, slice.Span)}";
}
