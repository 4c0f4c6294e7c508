using System.Globalization;
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
    private readonly Stack<OpenNode> _open = new();
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
        return node.IsPlain && (!IsWhole(node) || HasFullWidthStructure(span) || HasFullWidthSign(span)) ? new SourceNode.Unreadable { Source = _source, Span = span } : node;
    }

    private int LastEnd => _open.TryPeek(out var frame) ? Math.Max(frame.LastEnd, frame.Start) : 0;

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
    private bool IsCutByComma(OpenNode frame, SourceNode node)
    {
        if (frame.IsFlow && frame.Entries is [.., { Value: SourceNode.Scalar { IsPlain: true } cut }] && FlowComma.CutsCall(_source.Text.AsSpan(cut.Span.Start, node.Span.Start - cut.Span.Start)))
        {
            // { x: coalesce(a, 'b') } holds the value 'coalesce(a' and the key ''b''.
            _found.Add(YamlDiagnostics.CommaInFlow.At(_source, node.Span, Excerpt.Of(_source.Text[node.Span.Start..node.Span.End])) with { Hint = "quote the whole expression, or use block form" });
            frame.Entries[^1] = frame.Entries[^1] with { Value = new SourceNode.Unreadable { Source = _source, Span = cut.Span } };
            return true;
        }

        if (!frame.IsFlow || frame.Entries.Count == 0 || node is not SourceNode.Scalar { IsPlain: true, Text.Length: > 0 } key
            || _source.Text.AsSpan(key.Span.End).TrimStart(" \r\n").StartsWith(':'))
        {
            return false;
        }

        var (name, value) = frame.Entries[^1];
        var whole = _source.Text[value.Span.Start..key.Span.End];
        _found.Add(YamlDiagnostics.CommaInFlow.At(_source, key.Span, Excerpt.Of(key.Text)) with
        {
            Hint = name.Text == "cron"
                ? Phrase.Of($"quote the cron: \"{Excerpt.Of(whole)}\"")
                : Phrase.Of($"quote the whole text: '{Excerpt.Of(whole.Replace("'", "''", StringComparison.Ordinal))}'"),
        });
        return true;
    }

    private void AddEntry(OpenNode frame, SourceNode value)
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
}
