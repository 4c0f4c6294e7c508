using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>
/// Reads a file's documents from YAML's events into positioned nodes. It never recurses and counts as it goes: a file of 50,000
/// brackets would kill the process in YamlDotNet's own node model, and costs a millisecond here. What YAML has and rules do not
/// (anchors, aliases, merge keys, tags, keys that are no text) is reported and stands as <see cref="SourceNode.Unreadable"/>.
/// </summary>
internal sealed partial class YamlReader
{
    public const int MaxDepth = 32;
    public const int MaxEvents = 100_000;

    private readonly SourceText _source;
    private readonly List<Diagnostic> _found = [];
    private readonly Stack<Frame> _open = new();
    private readonly List<SourceNode> _documents = [];
    private SourceNode? _document;

    private YamlReader(SourceText source)
    {
        _source = source;
    }

    /// <summary>
    /// The documents of a file, without the empty ones. After a YAML error, what was read up to it, with
    /// <see cref="SourceNode.IsComplete"/> unset on the lists and mappings that were still open.
    /// </summary>
    public static IReadOnlyList<SourceNode> Read(SourceText source, DiagnosticBag diagnostics)
    {
        if (ForbiddenCharacter.Find(source) is { } forbidden)
        {
            diagnostics.Add(forbidden);
            return [];
        }

        var reader = new YamlReader(source);
        reader.ReadEvents();
        foreach (var finding in reader._found)
        {
            diagnostics.Add(finding);
        }

        return reader._documents;
    }

    private void ReadEvents()
    {
        var parser = new Parser(new StringReader(_source.Text));
        var last = 0;
        try
        {
            for (var count = 0; parser.MoveNext(); count++)
            {
                var current = parser.Current!;
                if (count >= MaxEvents)
                {
                    Give(YamlDiagnostics.TooManyValues.At(_source, Span(current), MaxEvents.ToString("N0", CultureInfo.InvariantCulture)));
                    return;
                }

                if (!Take(current))
                {
                    return;
                }

                last = Math.Max(last, Span(current).End);
            }
        }
        catch (YamlException fault)
        {
            Give(new YamlFault(_source, fault.Message, new(Clamp(fault.Start.Index), Clamp(fault.End.Index)), last, OpenBracket).Explain());
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // Thrown by the scanner itself, without a place: for a plain line inside an open bracket, and for odd escapes.
            Give(new YamlFault(_source, "", new(last, last), last, OpenBracket).Explain());
        }
    }

    private int? OpenBracket => _open.TryPeek(out var frame) && frame.IsFlow ? frame.Start : null;

    // What hides the rest of the file.
    private void Give(Diagnostic fault)
    {
        // A finding on the same line says better what is wrong: '**bold** text' is an alias before it is text behind one.
        var line = LineOf(fault);
        var known = _found.FindLastIndex(finding => LineOf(finding) == line);
        if (known >= 0)
        {
            _found[known] = _found[known] with { Note = YamlDiagnostics.Hides };
        }
        else
        {
            _found.Add(fault);
        }

        if (_open.TryPeek(out var innermost))
        {
            innermost.DropLast();
        }

        while (_open.Count > 0)
        {
            Attach(_open.Pop().ToNode(_source, _source.Text.Length, isComplete: false));
        }

        EndDocument();
    }

    private int LineOf(Diagnostic diagnostic) => _source.GetPosition(diagnostic.Span.Start).Line;

    private bool Take(ParsingEvent current)
    {
        var span = Span(current);
        switch (current)
        {
            case MappingStart mapping:
                return Open(span, isMapping: true, mapping.Style == MappingStyle.Flow, mapping);
            case SequenceStart sequence:
                return Open(span, isMapping: false, sequence.Style == SequenceStyle.Flow, sequence);
            case MappingEnd or SequenceEnd:
                var closed = _open.Pop();
                Attach(closed.ToNode(_source, closed.IsFlow ? Math.Max(span.End, span.Start + 1) : span.Start, isComplete: true));
                break;
            case Scalar scalar:
                Attach(ReadScalar(scalar, span));
                break;
            case AnchorAlias:
                Attach(RefuseAlias(span));
                break;
            case DocumentEnd:
                EndDocument();
                break;
        }

        return true;
    }

    private bool Open(TextSpan span, bool isMapping, bool isFlow, NodeEvent node)
    {
        if (_open.Count >= MaxDepth)
        {
            Give(YamlDiagnostics.TooDeep.At(_source, new(span.Start, span.Start + 1), MaxDepth) with { Note = YamlDiagnostics.Hides });
            return false;
        }

        var refused = RefuseProperties(node, span);
        _open.Push(new(isMapping, isFlow, isFlow ? Math.Max(_source.Text.IndexOf(isMapping ? '{' : '[', span.Start), span.Start) : span.Start, refused));
        return true;
    }

    private SourceNode ReadScalar(Scalar scalar, TextSpan span)
    {
        if (RefuseProperties(scalar, span))
        {
            return new SourceNode.Unreadable { Source = _source, Span = span };
        }

        // Text of an empty value has no place of its own; YAML puts some of them at the file's first character.
        span = scalar.Value.Length == 0 && span.Length == 0 && span.Start == 0 ? new(LastEnd, LastEnd) : span;
        var node = new SourceNode.Scalar
        {
            Source = _source,
            Span = span,
            Value = ScalarMap.Map(_source, scalar.Value, scalar.Style, span),
            IsPlain = scalar.Style == ScalarStyle.Plain,
        };
        return node.IsPlain && (!IsWhole(node) || HasFullWidthStructure(span)) ? new SourceNode.Unreadable { Source = _source, Span = span } : node;
    }

    private int LastEnd => _open.TryPeek(out var frame) ? Math.Max(frame.LastEnd, frame.Start) : 0;

    // A '#' after a blank cuts an unquoted text short without a word. Before a word it is likelier a hashtag than a comment.
    private bool IsWhole(SourceNode.Scalar scalar)
    {
        var text = _source.Text;
        var hash = scalar.Span.End;
        while (hash < text.Length && text[hash] is ' ' or '\t')
        {
            hash++;
        }

        if (hash == scalar.Span.End || hash + 1 >= text.Length || text[hash] != '#' || !char.IsLetterOrDigit(text[hash + 1]))
        {
            return true;
        }

        var end = text.AsSpan(hash).IndexOfAny('\r', '\n');
        var comment = new TextSpan(hash, end < 0 ? text.Length : hash + end);
        _found.Add(YamlDiagnostics.SwallowedByComment.At(_source, comment, Excerpt.Of(text[comment.Start..comment.End].TrimEnd())) with
        {
            Hint = "quote the whole text, or use |; a comment has a space after its #",
        });
        return false;
    }

    // 'on：followed' is no key, but one more line of the text above, or a text of its own.
    private bool HasFullWidthStructure(TextSpan span)
    {
        if (_source.Text.AsSpan(span.Start, span.Length).IndexOfAny(FullWidthMark.Characters) < 0
            || FullWidthMark.FindNear(_source, span.Start, span.End) is not { } found || found.Span.Start < span.Start || found.Span.End > span.End)
        {
            return false;
        }

        _found.Add(found);
        return true;
    }

    private bool RefuseProperties(NodeEvent node, TextSpan span)
    {
        if (!node.Tag.IsEmpty)
        {
            RefuseTag(node, span);
            return true;
        }

        if (node.Anchor.IsEmpty)
        {
            return false;
        }

        var anchor = "&" + node.Anchor.Value;
        var start = Math.Max(_source.Text.IndexOf(anchor, span.Start, StringComparison.Ordinal), span.Start);
        _found.Add(YamlDiagnostics.Anchor.At(_source, new(start, Clamp(start + anchor.Length)), Excerpt.Of(anchor)) with
        {
            Hint = "write the value out, or quote the text",
        });
        return true;
    }

    private void RefuseTag(NodeEvent node, TextSpan span)
    {
        var start = Math.Max(_source.Text.IndexOf('!', span.Start), span.Start);
        var end = start;
        while (end < _source.Text.Length && _source.Text[end] is not (' ' or '\t' or '\r' or '\n'))
        {
            end++;
        }

        var tag = _source.Text[start..end];
        var rest = node is Scalar ? _source.Text[start..Math.Max(end, span.End)].TrimEnd() : tag;
        _found.Add(YamlDiagnostics.Tag.At(_source, new(start, end), Excerpt.Of(tag)) with
        {
            Hint = TakesExpression(CurrentKey) && rest.Length > 1
                ? $"write 'not {Excerpt.Of(rest[1..].TrimStart())}'"
                : $"quote the text: '{Excerpt.Of(rest.Replace("'", "''", StringComparison.Ordinal))}'",
        });
    }

    private SourceNode.Unreadable RefuseAlias(TextSpan span)
    {
        var text = _source.Text[span.Start..span.End];
        var isCron = CronLike().IsMatch(_source.Text.AsSpan(span.Start, Math.Min(12, _source.Text.Length - span.Start)));
        _found.Add(YamlDiagnostics.Alias.At(_source, span, Excerpt.Of(text)) with
        {
            Hint = isCron || CurrentKey == "cron" ? QuoteCron(_source, span.Start)
                : AliasName().IsMatch(text) ? "write the value out, or quote the text"
                : "quote the whole text, or use | and write it on the next line",
        });
        return new() { Source = _source, Span = span };
    }

    internal static string QuoteCron(SourceText source, int start)
    {
        var rest = source.Text.AsSpan(start, Math.Min(60, source.Text.Length - start));
        var end = rest.IndexOfAny('\r', '\n', '}');
        return $"quote the cron: \"{(end < 0 ? rest : rest[..end]).TrimEnd()}\"";
    }

    private string? CurrentKey => _open.FirstOrDefault(frame => frame is { IsMapping: true, Key: not null })?.Key?.Text;

    internal static bool TakesExpression(string? key) =>
        key is "when" or "if" or "all" or "any" or "none" or "let" or "for-each" or "to" or "per" or "user" or "follow" or "unfollow";

    private void Attach(SourceNode node)
    {
        if (!_open.TryPeek(out var frame))
        {
            _document = node;
            return;
        }

        frame.LastEnd = Math.Max(frame.LastEnd, node.Span.End);
        if (!frame.IsMapping)
        {
            frame.Nodes.Add(node);
        }
        else if (!frame.ExpectsValue)
        {
            frame.Key = IsCutByComma(frame, node) ? null : ReadKey(node);
            frame.ExpectsValue = true;
        }
        else
        {
            AddEntry(frame, node);
        }
    }

    // { text: A, B } holds a key 'B' that nobody gave a value, and { cron: 0 9 * * 1,3 } a key '3'.
    private bool IsCutByComma(Frame frame, SourceNode node)
    {
        if (!frame.IsFlow || frame.Entries.Count == 0 || node is not SourceNode.Scalar { IsPlain: true, Text.Length: > 0 } key
            || _source.Text.AsSpan(key.Span.End).TrimStart(" \r\n").StartsWith(':'))
        {
            return false;
        }

        var (name, value) = frame.Entries[^1];
        var whole = _source.Text[value.Span.Start..key.Span.End];
        _found.Add(YamlDiagnostics.CommaInFlow.At(_source, key.Span, Excerpt.Of(key.Text)) with
        {
            Hint = name.Text == "cron" ? $"quote the cron: \"{Excerpt.Of(whole)}\"" : $"quote the whole text: '{Excerpt.Of(whole.Replace("'", "''", StringComparison.Ordinal))}'",
        });
        return true;
    }

    private SourceSlice? ReadKey(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsPlain: true, Text: "<<" } merge:
                _found.Add(YamlDiagnostics.MergeKey.At(_source, merge.Span) with { Hint = "write the keys out" });
                return null;
            case SourceNode.Scalar { IsNull: true } or SourceNode.Scalar { IsPlain: true, Text: "true" or "false" }:
            case SourceNode.Scalar { IsPlain: true } when CoreScalar.IsNumber(((SourceNode.Scalar)node).Text):
                _found.Add(YamlDiagnostics.KeyIsNoText.At(_source, node.Span, Excerpt.Of(((SourceNode.Scalar)node).Text is { Length: > 0 } text ? text : "nothing")) with
                {
                    Hint = "quote it to make it text",
                });
                return null;
            case SourceNode.Scalar key:
                return key.Value;
            case SourceNode.Unreadable:
                return null;
            default:
                RefuseKey(node);
                return null;
        }
    }

    private void RefuseKey(SourceNode node)
    {
        var start = node.Span.Start;
        var isDouble = node is SourceNode.Mapping { IsFlow: true } && start > 0 && _source.Text[start - 1] == '{';
        if (isDouble && start > 1 && _source.Text[start - 2] == '$')
        {
            isDouble = false;
        }

        var diagnostic = isDouble
            ? DoubleBraces(_source, start - 1)
            : start > 0 && _source.Text[start - 1] == '$'
                ? YamlDiagnostics.HoleInFlow.At(_source, new(start - 1, node.Span.End)) with { Hint = "quote it, or use block form" }
                : YamlDiagnostics.KeyIsNoText.At(_source, node.Span, node is SourceNode.Mapping ? "a mapping" : "a list") with { Hint = "quote it to make it text" };
        _found.Add(diagnostic);
    }

    internal static Diagnostic DoubleBraces(SourceText source, int start)
    {
        var line = source.Text.AsSpan(start, Math.Min(200, source.Text.Length - start));
        line = line[..(line.IndexOf('\n') is var lineEnd and >= 0 ? lineEnd : line.Length)];
        var end = start + (line.IndexOf("}}") is var closing and >= 0 ? closing + 2 : line.Length);
        var inner = source.Text[start..end].Trim('{', '}', ' ', '\r');
        return YamlDiagnostics.DoubleBraces.At(source, new(start, end)) with { Hint = $"this engine writes ${{{Excerpt.Of(inner)}}}" };
    }

    private void AddEntry(Frame frame, SourceNode value)
    {
        frame.ExpectsValue = false;
        if (frame.Key is not { } key)
        {
            frame.HasRefusedKeys = true;
            return;
        }

        frame.Key = null;
        if (frame.Places.TryGetValue(key.Text, out var first))
        {
            var (line, column) = _source.GetPosition(first.Start);
            _found.Add(YamlDiagnostics.DuplicateKey.At(_source, key.Span, Excerpt.Of(key.Text)) with
            {
                Hint = "keep one of the two",
                Note = $"first at {_source.Path}:{line}:{column}",
            });
            return;
        }

        frame.Places.Add(key.Text, key.Span);
        frame.Entries.Add(new(key, value));
    }

    private void EndDocument()
    {
        if (_document is { } document && document is not SourceNode.Scalar { IsNull: true })
        {
            _documents.Add(document);
        }

        _document = null;
    }

    private TextSpan Span(ParsingEvent current) => new(Clamp(current.Start.Index), Clamp(Math.Max(current.Start.Index, current.End.Index)));

    private int Clamp(long index) => (int)Math.Clamp(index, 0, _source.Text.Length);

    [GeneratedRegex(@"^\*(/\d+)?( |\d)[\d*/,\- ]", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex CronLike();

    [GeneratedRegex(@"^\*[\w-]+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex AliasName();

    private sealed record Frame(bool IsMapping, bool IsFlow, int Start, bool IsRefused)
    {
        public List<SourceNode> Nodes { get; } = [];
        public List<SourceEntry> Entries { get; } = [];
        public Dictionary<string, TextSpan> Places { get; } = new(StringComparer.Ordinal);
        public SourceSlice? Key { get; set; }
        public bool ExpectsValue { get; set; }
        public bool HasRefusedKeys { get; set; }
        public int LastEnd { get; set; }

        // A YAML error stands where this entry might have gone on, so nobody knows whether it is whole.
        public void DropLast()
        {
            if (Nodes is [.., not SourceNode.Scalar])
            {
                Nodes[^1] = Nodes[^1] with { IsComplete = false };
            }

            if (Entries is [.., { Value: not SourceNode.Scalar } last])
            {
                Entries[^1] = last with { Value = last.Value with { IsComplete = false } };
            }
        }

        public SourceNode ToNode(SourceText source, int end, bool isComplete)
        {
            // A block collection ends at its last entry, not at the blank lines and comments behind it.
            var span = new TextSpan(Start, IsFlow || !isComplete ? Math.Max(end, Start) : Math.Max(LastEnd, Start));
            if (IsRefused || (HasRefusedKeys && Entries.Count == 0))
            {
                return new SourceNode.Unreadable { Source = source, Span = span };
            }

            return IsMapping
                ? new SourceNode.Mapping { Source = source, Span = span, Entries = Entries, IsFlow = IsFlow, IsComplete = isComplete, HasRefusedKeys = HasRefusedKeys }
                : new SourceNode.Sequence { Source = source, Span = span, Entries = Nodes, IsFlow = IsFlow, IsComplete = isComplete };
        }
    }
}
