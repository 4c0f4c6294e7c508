using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>What all parts of one reading share: the findings, the table of steps and the names of the lists.</summary>
internal sealed class Reading(IReadOnlyList<ActionDescriptor> actions)
{
    private readonly Dictionary<string, ActionDescriptor> _actions = actions.ToDictionary(action => action.Name, StringComparer.Ordinal);

    // What is longer is a text, in which such spaces are nobody's business.
    private const int LongestWord = 100;

    private int _counted;
    private int _errors;

    public DiagnosticBag Diagnostics { get; } = new();

    public IReadOnlyDictionary<string, ActionDescriptor> Actions => _actions;

    public IReadOnlySet<string> Lists { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The names of the accounts; empty when they are not known.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>The zone of the set, for triggers that name none.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    public void Report(Diagnostic diagnostic) => Diagnostics.Add(MeantWord(diagnostic) is { } word && OddSpace.HintFor(word) is { } hint ? diagnostic with { Hint = hint } : diagnostic);

    // What is wrong with a word that holds a space nobody sees is that space, whatever else could be said of it.
    private static string? MeantWord(Diagnostic diagnostic) =>
        diagnostic is { Severity: Severity.Error, Span.Length: > 0 and <= LongestWord } ? diagnostic.Source.Text.Substring(diagnostic.Span.Start, diagnostic.Span.Length) : null;

    /// <summary>How many errors there are: unchanged while a part is read means that it is right.</summary>
    public int Errors
    {
        get
        {
            for (; _counted < Diagnostics.Items.Count; _counted++)
            {
                _errors += Diagnostics.Items[_counted].Severity == Severity.Error ? 1 : 0;
            }

            return _errors;
        }
    }

    public void ReportUnknownKey(SourceSlice key, Phrase owner, IEnumerable<string> known, IReadOnlyDictionary<string, string[]>? synonyms = null)
    {
        Report(RuleDiagnostics.UnknownKey.At(key, new(0, key.Text.Length), owner, Excerpt.Of(key.Text)) with
        {
            Hint = DidYouMean(key.Text, known, synonyms),
            Note = $"keys: {string.Join(", ", known)}",
        });
    }

    public void ReportWrongKind(string key, Phrase expected, SourceNode node, Phrase? hint = null)
    {
        if (!node.IsComplete)
        {
            return;
        }

        if (node is SourceNode.Scalar { IsNull: true })
        {
            Report(RuleDiagnostics.Empty.At(node, key) with { Hint = hint ?? $"it takes {expected}" });
        }
        else if (node is SourceNode.Scalar { IsPlain: true } text && FullWidthMark.FindAfterName(text.Source, text.Span) is { } mark)
        {
            // 'x：1' where a mapping is wanted is no text.
            Report(mark);
        }
        else if (node is not SourceNode.Unreadable)
        {
            Report(RuleDiagnostics.WrongKind.At(node, key, expected, node.Kind) with { Hint = hint ?? Durations.HintFor(node) });
        }
    }

    /// <summary>The known name that was probably meant: in ordinary width, by another program's word for it, or the nearest.</summary>
    public static Phrase? DidYouMean(string name, IEnumerable<string> known, IReadOnlyDictionary<string, string[]>? synonyms = null)
    {
        string[] names = [.. known];
        if (Narrow(name) is { } narrow && names.Contains(narrow, StringComparer.Ordinal))
        {
            return InOrdinaryWidth(narrow);
        }

        if (synonyms is not null && Synonyms.Of(name, synonyms, names) is { Count: > 0 } meant)
        {
            return $"here it is called {Words.Or([.. meant.Select(word => $"'{word}'")])}";
        }

        return NearestName.Find(name, names) is { } nearest ? Phrase.Of($"did you mean '{nearest}'?") : null;
    }

    /// <summary>The text with its full-width signs, letters and digits in ordinary width; null when it has none.</summary>
    public static string? Narrow(string text) => FullWidth.Narrow(text.Replace('\u3000', ' ')) is var narrow && narrow != text ? narrow.Trim() : null;

    public static Phrase InOrdinaryWidth(string text) => $"in ordinary width, not full-width: {text}";

    /// <summary>Whether a key of a rule is another word, or another spelling, for a known one.</summary>
    public static bool StandsFor(string name, string key) =>
        !Language.RuleKeys.Contains(name, StringComparer.Ordinal)
        && (Narrow(name) == key || Synonyms.Of(name, Synonyms.RuleKeys, Language.RuleKeys).Contains(key, StringComparer.Ordinal)
            || (key == "on" && Synonyms.MeansClock(name)));

    /// <summary>The text of a scalar; null after having reported that there is none.</summary>
    public SourceNode.Scalar? ReadText(string key, SourceNode node, Phrase? expected = null)
    {
        if (node is SourceNode.Scalar { IsNull: false } scalar)
        {
            return scalar;
        }

        ReportWrongKind(key, expected ?? "text", node);
        return null;
    }
}

/// <summary>How diagnostics speak of nodes.</summary>
internal static class SourceNodeExtensions
{
    extension(SourceNode node)
    {
        /// <summary>The node in a word for people.</summary>
        public Phrase Kind => node switch
        {
            SourceNode.Scalar { IsNull: true } => "nothing",
            SourceNode.Scalar => "text",
            SourceNode.Sequence => "a list",
            _ => "a mapping",
        };

        /// <summary>The entries of a list, or the single node that stands for a list of one.</summary>
        public IReadOnlyList<SourceNode> OneOrMany => node is SourceNode.Sequence sequence ? sequence.Entries : [node];
    }

    /// <summary>Makes a diagnostic at a node: of a list or mapping only its first line, which is where people look.</summary>
    public static Diagnostic At(this DiagnosticDescriptor descriptor, SourceNode node, params object[] arguments)
    {
        var span = node.Span;
        var end = node.Source.Text.AsSpan(span.Start, span.Length).IndexOfAny('\r', '\n');
        return descriptor.At(node.Source, end < 0 ? span : new TextSpan(span.Start, span.Start + end), arguments);
    }

    /// <summary>Makes a diagnostic at a whole value.</summary>
    public static Diagnostic At(this DiagnosticDescriptor descriptor, SourceSlice slice, params object[] arguments) =>
        descriptor.At(slice, new TextSpan(0, slice.Text.Length), arguments);
}
