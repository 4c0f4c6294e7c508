using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// Steps that steer: loops, waits for a time or a person, what is kept for later runs, and the branch of failures.
internal sealed partial class StepReader
{
    private const string GoesOn = "continue-on-error";

    private readonly Dictionary<string, Shape> _namedAnywhere = new(StringComparer.Ordinal);

    // Whether a step before this place can have posted a note: only to one of those can a reply come.
    private bool _hasPosted;

    /// <summary>Reads <c>on-error</c>. It sees what the steps before named, null where they did not come to it.</summary>
    public IReadOnlyList<StepNode> ReadOnError(SourceNode node) =>
        ReadBranch("on-error", node, "on-error", new(_namedAnywhere, StringComparer.Ordinal) { ["error"] = Schema.Error });

    private List<StepNode> ReadBranch(string key, SourceNode node, string path, Dictionary<string, Shape> named)
    {
        _hasPosted = false;
        var steps = ReadList(key, node, path, named);
        foreach (var (name, shape) in named)
        {
            _namedAnywhere[name] = shape;
        }

        return steps;
    }

    private StepNode.ForEach? ReadForEach(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("for-each"));
        var inside = new Dictionary<string, Shape>(named, StringComparer.Ordinal);
        var (variable, list) = ReadLoopHead(verb, path, named, inside);
        if (mapping.Find("do") is not { } body)
        {
            if (!mapping.HasRefusedKeys)
            {
                reading.Report(RuleDiagnostics.MissingKey.At(verb.Key, "'for-each'", "do") with { Hint = "write do: with steps, aligned with 'for-each'" });
            }

            return null;
        }

        var steps = ReadList("do", body.Value, path + ".do", inside);
        return variable is null || list is null ? null : new()
        {
            Path = path,
            Span = mapping.Span,
            ContinueOnError = ReadGoesOn(mapping),
            Variable = variable,
            List = list,
            Do = steps,
        };
    }

    private (string? Variable, CompiledExpression? List) ReadLoopHead(
        SourceEntry verb, string path, Dictionary<string, Shape> named, Dictionary<string, Shape> inside)
    {
        const string Expected = "a name and a list: NAME in LIST";
        if (reading.ReadText("for-each", verb.Value, Expected) is not { } text)
        {
            return (null, null);
        }

        if (LoopHead().Match(text.Text) is not { Success: true } head)
        {
            reading.Report(RuleDiagnostics.InvalidLoop.At(text, Excerpt.Of(text.Text)) with { Hint = "write for-each: file in note.files" });
            return (null, null);
        }

        var (name, source) = (head.Groups["name"], head.Groups["list"]);
        var list = ExpressionCompiler.Compile(text.Value.Part(source.Index, source.Length), events.Context(path + ".for-each", named), reading.Diagnostics);
        if (list is not null && list.Shape is not (Shape.ListShape or Shape.AnyShape))
        {
            reading.Report(RuleDiagnostics.WrongType.At(text.Value.Part(source.Index, source.Length), "for-each", Phrase.Of("a list"), Excerpt.Of(source.Value), ShapeWords.Of(list.Shape)));
            list = null;
        }

        // Where the list is wrong, nothing is known of its entries: one mistake is told once.
        var entry = list?.Shape is Shape.ListShape known ? known.Element : Shape.Any;
        return (Name(text.Value.Part(name.Index, name.Length), "the entry of a loop", inside, entry) ? name.Value : null, list);
    }

    private StepNode.WaitUntil? ReadWaitUntil(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("wait-until"));
        if (reading.ReadText("wait-until", verb.Value, "a time such as \"08:00\", or ${…}") is not { } text)
        {
            return null;
        }

        if (!text.Text.Contains("${", StringComparison.Ordinal))
        {
            if (Moments.IsOne(text.Text))
            {
                return new() { Path = path, Span = mapping.Span, ContinueOnError = ReadGoesOn(mapping), Time = text.Text };
            }

            reading.Report(RuleDiagnostics.InvalidTime.At(text, Excerpt.Of(text.Text)) with
            {
                Hint = Durations.Parse(text.Text) is not null ? Phrase.Of($"write wait: {text.Text}")
                    : Reading.Narrow(text.Text) is { } narrow && Moments.IsOne(narrow) ? Reading.InOrdinaryWidth($"\"{narrow}\"") : "times are written \"08:00\" or \"2026-05-01T08:00:00+09:00\"",
            });
            return null;
        }

        if (ExpressionCompiler.Compile(text.Value, events.Context(path + ".wait-until", named), reading.Diagnostics) is not { } compiled)
        {
            return null;
        }

        if (compiled.Shape is Shape.AnyShape or Shape.TextShape)
        {
            return new() { Path = path, Span = mapping.Span, ContinueOnError = ReadGoesOn(mapping), Expression = compiled };
        }

        reading.Report(RuleDiagnostics.WrongType.At(text, "wait-until", Phrase.Of("a time as text"), Excerpt.Of(text.Text), ShapeWords.Of(compiled.Shape)));
        return null;
    }

    private StepNode.WaitFor? ReadWaitFor(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("wait-for"));
        if (reading.ReadText("wait-for", verb.Value, "reply") is { Text: not "reply" } word)
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(word, "wait-for", "reply", Excerpt.Of(word.Text)) with { Hint = "write wait-for: reply" });
        }

        if (events.Lacking("user") is { } lacking)
        {
            reading.Report(RuleDiagnostics.NeedsVariable.At(verb.Key, "wait-for", "user", lacking));
        }
        else if (!_hasPosted)
        {
            reading.Report(RuleDiagnostics.NothingToReplyTo.At(verb.Key) with { Hint = "ask first: with reply, dm or another step that posts a note" });
        }

        var within = ReadWithin(verb, mapping);
        var (postedBefore, inElse) = (_hasPosted, new Dictionary<string, Shape>(named, StringComparer.Ordinal));
        var otherwise = mapping.Find("else") is { } steps ? ReadList("else", steps.Value, path + ".else", inElse) : [];
        _hasPosted = postedBefore;
        foreach (var (name, shape) in inElse)
        {
            named[name] = shape;
        }

        var answer = mapping.Find("as") is { } given ? reading.ReadText("as", given.Value, "a name") : null;
        if (answer is not null)
        {
            Name(answer.Value, "an answer", named, Schema.Reply);
        }

        return within is not { } length ? null : new() { Path = path, Span = mapping.Span, Within = length, As = answer?.Text, Else = otherwise };
    }

    private TimeSpan? ReadWithin(SourceEntry verb, SourceNode.Mapping mapping)
    {
        if (mapping.Find("within") is not { } within)
        {
            reading.Report(RuleDiagnostics.MissingKey.At(verb.Key, "'wait-for'", "within") with { Hint = "write within: 30m, aligned with 'wait-for'" });
            return null;
        }

        return ReadLength("within", within.Value);
    }

    private TimeSpan? ReadLength(string key, SourceNode node) => Durations.ReadLength(reading, key, node, "a duration such as 30m")?.Length;

    private StepNode.Set? ReadSet(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        var errors = reading.Errors;
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("set"));
        var per = mapping.Find("per") is { } given ? ReadPer(given.Value) : null;
        var expires = mapping.Find("expires") is { } age ? ReadLength("expires", age.Value) : null;
        if (verb.Value is not SourceNode.Mapping values)
        {
            reading.ReportWrongKind("set", "a mapping from keys to values", verb.Value, "write set: { KEY: value }");
            return null;
        }

        if (values.Entries.Count == 0)
        {
            reading.Report(RuleDiagnostics.Empty.At(values, "set") with { Hint = "it takes a mapping from keys to values" });
        }

        var entries = new Dictionary<string, Argument>(StringComparer.Ordinal);
        foreach (var (key, value) in values.Entries)
        {
            CheckKey(key);
            if (_arguments.ReadValue(value, $"{path}.set.{key.Text}", named) is { } argument)
            {
                entries[key.Text] = argument;
            }
        }

        return reading.Errors > errors ? null : new()
        {
            Path = path,
            Span = mapping.Span,
            ContinueOnError = ReadGoesOn(mapping),
            Entries = entries,
            Per = per,
            Expires = expires,
        };
    }

    private void CheckKey(SourceSlice key)
    {
        if (key.Text.Contains("${", StringComparison.Ordinal))
        {
            reading.Report(RuleDiagnostics.NoHoles.At(key, Phrase.Of("a key of set")) with { Hint = "keep a value for each user, note, thread or host with per:" });
        }
        else if (key.Text.Length is 0 or > StateKey.MaxLength)
        {
            reading.Report(RuleDiagnostics.InvalidName.At(key, Excerpt.Of(key.Text), Phrase.Of("what is kept")) with { Hint = $"1 to {StateKey.MaxLength} characters" });
        }
    }

    private string? ReadPer(SourceNode node)
    {
        var known = Words.Or(StateKey.Scopes);
        if (reading.ReadText("per", node, known) is not { } word)
        {
            return null;
        }

        if (!StateKey.Scopes.Contains(word.Text, StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(word, "per", known, Excerpt.Of(word.Text)) with
            {
                Hint = word.Text == "account" ? "leave it out: without it, a value is the account's own" : Reading.DidYouMean(word.Text, StateKey.Scopes),
            });
            return null;
        }

        var variable = word.Text is "user" or "host" ? "user" : "note";
        if (events.Lacking(variable) is { } lacking)
        {
            reading.Report(RuleDiagnostics.NeedsVariable.At(word, "per", variable, lacking));
        }

        return word.Text;
    }

    private bool ReadGoesOn(SourceNode.Mapping mapping) => mapping.Find(GoesOn) is { } option && _arguments.ReadBoolean(GoesOn, option.Value);

    [GeneratedRegex(@"^\s*(?<name>[^\s,]+)\s+in\s+(?<list>\S[\s\S]*?)\s*$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    internal static partial Regex LoopHead();
}
