using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads the steps of a rule: the actions of the table, and those that only steer.</summary>
internal sealed partial class StepReader(Reading reading, RuleEvents events)
{
    private readonly ArgumentReader _arguments = new(reading, events);

    /// <summary>Reads the steps of a branch, such as <c>do</c> or <c>else</c>; a single step may stand without its dash.</summary>
    /// <param name="key">The key that they stand under.</param>
    /// <param name="node">The steps.</param>
    /// <param name="path">What their places in the rule begin with; null for the key.</param>
    public IReadOnlyList<StepNode> Read(string key, SourceNode node, string? path = null) => ReadBranch(key, node, path ?? key, new(StringComparer.Ordinal));

    // `named` collects what `as` names: steps see the answers of those before them.
    private List<StepNode> ReadList(string key, SourceNode node, string path, Dictionary<string, Shape> named)
    {
        if (node is SourceNode.Unreadable)
        {
            return [];
        }

        if (node is SourceNode.Scalar { IsNull: true } or SourceNode.Sequence { Entries.Count: 0 })
        {
            reading.Report(RuleDiagnostics.Empty.At(node, key) with { Hint = "it takes a list of steps" });
            return [];
        }

        var steps = new List<StepNode>();
        var entries = node.OneOrMany;
        StepNode? before = null;
        for (var i = 0; i < entries.Count; i++)
        {
            if (before is StepNode.Stop)
            {
                reading.Report(RuleDiagnostics.NeverReached.At(entries[i]) with { Hint = "remove it, or move it before 'stop'" });
            }

            before = ReadStep(key, entries[i], $"{path}[{i}]", named);
            if (before is not null)
            {
                steps.Add(before);
            }
        }

        return steps;
    }

    private StepNode? ReadStep(string key, SourceNode node, string path, Dictionary<string, Shape> named)
    {
        switch (node)
        {
            case SourceNode.Scalar { Text: "stop" } stop:
                return new StepNode.Stop { Path = path, Span = stop.Span };
            case SourceNode.Scalar { IsNull: false } word:
                RefuseWord(word);
                return null;
            case SourceNode.Mapping mapping when FindVerb(mapping) is { } verb:
                return ReadVerb(verb, mapping, path, named);
            case SourceNode.Mapping:
                return null;
            default:
                reading.ReportWrongKind(key, "steps", node, "begin each step with '- '");
                return null;
        }
    }

    private StepNode? ReadVerb(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named) => verb.Name switch
    {
        "if" => ReadIf(verb, mapping, path, named),
        "for-each" => ReadForEach(verb, mapping, path, named),
        "wait" => ReadWait(verb, mapping, path, named),
        "wait-until" => ReadWaitUntil(verb, mapping, path, named),
        "wait-for" => ReadWaitFor(verb, mapping, path, named),
        "set" => ReadSet(verb, mapping, path, named),
        "stop" => ReadStop(verb, mapping, path),
        _ => ReadCall(reading.Actions[verb.Name], verb, mapping, path, named),
    };

    private bool IsVerb(string key) => reading.Actions.ContainsKey(key) || Language.FlowSteps.Contains(key, StringComparer.Ordinal);

    private IEnumerable<string> Verbs => reading.Actions.Keys.Concat(Language.FlowSteps);

    private void RefuseWord(SourceNode.Scalar word)
    {
        var text = Excerpt.Of(word.Text);
        var verb = word.Text.Split(':', '：')[0].Trim();
        if (IsVerb(verb))
        {
            reading.Report(RuleDiagnostics.Empty.At(word, verb) with { Hint = word.Text.Length > verb.Length ? Phrase.Of($"write '{verb}: ' with a space") : Phrase.Of($"write '{verb}: …'") });
        }
        else
        {
            reading.Report(RuleDiagnostics.UnknownStep.At(word, text) with { Hint = Reading.DidYouMean(verb, Verbs, Synonyms.Steps), Note = $"steps: {string.Join(", ", Verbs)}" });
        }
    }

    private SourceEntry? FindVerb(SourceNode.Mapping mapping)
    {
        SourceEntry[] verbs = [.. mapping.Entries.Where(entry => IsVerb(entry.Name))];
        if (verbs.Length == 1)
        {
            return verbs[0];
        }

        if (verbs.Length > 1)
        {
            reading.Report(RuleDiagnostics.SeveralSteps.At(verbs[1].Key, verbs[0].Name, verbs[1].Name) with
            {
                Hint = verbs.Any(verb => verb.Name == "if") ? "put the step into a list below 'then:'" : "begin each with its own dash",
            });
            return null;
        }

        ReportNoVerb(mapping);
        return null;
    }

    private void ReportNoVerb(SourceNode.Mapping mapping)
    {
        if (mapping.Entries.FirstOrDefault(entry => !IsOption(entry.Name)) is { } unknown)
        {
            reading.Report(RuleDiagnostics.UnknownStep.At(unknown.Key, Excerpt.Of(unknown.Name)) with
            {
                Hint = Synonyms.HintForStep(unknown.Name) ?? Reading.DidYouMean(unknown.Name, Verbs, Synonyms.Steps),
                Note = $"steps: {string.Join(", ", Verbs)}",
            });
            return;
        }

        reading.Report(RuleDiagnostics.NoStep.At(mapping) with { Hint = "an option belongs to the step above: remove its dash" });
    }

    private bool IsOption(string key) =>
        key is "then" or "else" or "do" or "within" or "per" or "expires" || Language.CommonOptions.Contains(key, StringComparer.Ordinal)
        || reading.Actions.Values.Any(action => action.Options.Any(option => option.Name == key));

    private StepNode.If? ReadIf(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("if"));
        var condition = new ConditionReader(reading, events).Read("if", verb.Value, path + ".if", named);
        Dictionary<string, Shape> inThen = new(named, StringComparer.Ordinal), inElse = new(named, StringComparer.Ordinal);
        if (mapping.Find("then") is not { } then)
        {
            if (!mapping.HasRefusedKeys)
            {
                reading.Report(RuleDiagnostics.MissingKey.At(verb.Key, "'if'", "then") with { Hint = "write then: with steps, aligned with 'if'" });
            }

            return null;
        }

        var postedBefore = _hasPosted;
        var thenSteps = ReadList("then", then.Value, path + ".then", inThen);
        var posted = _hasPosted;
        _hasPosted = postedBefore;
        var elseSteps = mapping.Find("else") is { } otherwise ? ReadList("else", otherwise.Value, path + ".else", inElse) : [];
        _hasPosted |= posted;

        // What only one branch names is null for later steps where the other ran.
        foreach (var (name, shape) in inThen.Concat(inElse))
        {
            named[name] = shape;
        }

        return condition is null ? null : new()
        {
            Path = path,
            Span = mapping.Span,
            ContinueOnError = ReadGoesOn(mapping),
            Condition = condition,
            Then = thenSteps,
            Else = elseSteps,
        };
    }

    private StepNode.Wait? ReadWait(SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        RefuseOptions(verb, mapping, KeyTable.OptionsOf("wait"));
        if (reading.ReadText("wait", verb.Value, "a duration such as 5m, or ${…}") is not { } text)
        {
            return null;
        }

        if (!text.Text.Contains("${", StringComparison.Ordinal))
        {
            return Durations.ReadRange(reading, text.Value) is { } range
                ? new() { Path = path, Span = mapping.Span, ContinueOnError = ReadGoesOn(mapping), Duration = range } : null;
        }

        if (ExpressionCompiler.Compile(text.Value, events.Context(path + ".wait", named), reading.Diagnostics) is not { } compiled)
        {
            return null;
        }

        if (compiled.Shape is Shape.AnyShape or Shape.TextShape or Shape.NumberShape)
        {
            return new() { Path = path, Span = mapping.Span, ContinueOnError = ReadGoesOn(mapping), Expression = compiled };
        }

        reading.Report(RuleDiagnostics.WrongType.At(text, "wait", Phrase.Of("a duration or seconds"), Excerpt.Of(text.Text), ShapeWords.Of(compiled.Shape)));
        return null;
    }

    private StepNode.Stop ReadStop(SourceEntry verb, SourceNode.Mapping mapping, string path)
    {
        RefuseOptions(verb, mapping, []);
        if (verb.Value is not SourceNode.Scalar { IsNull: true })
        {
            reading.ReportWrongKind("stop", "nothing", verb.Value, "write '- stop'");
        }

        return new() { Path = path, Span = mapping.Span };
    }

    private void RefuseOptions(SourceEntry verb, SourceNode.Mapping mapping, IReadOnlyList<string> allowed)
    {
        foreach (var (key, _) in mapping.Entries.Where(entry => entry != verb && !allowed.Contains(entry.Name, StringComparer.Ordinal)))
        {
            ReportUnknownOption(verb.Name, key, allowed);
        }
    }

    private void ReportUnknownOption(string verb, SourceSlice key, IReadOnlyList<string> known) =>
        reading.Report(RuleDiagnostics.UnknownOption.At(key, verb, Excerpt.Of(key.Text)) with
        {
            Hint = Synonyms.HintForOption(verb, key.Text) ?? Reading.DidYouMean(key.Text, known, Synonyms.Options),
            Note = known.Count == 0 ? null : Phrase.Of($"options: {string.Join(", ", known)}"),
        });
}
