using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>
/// Which column everything that begins a line belongs to: two more for each level, and lists stand two behind the key above them. Lines
/// within a value move along with it.
/// </summary>
internal sealed class BlockLayout
{
    private const int Step = 2;

    private readonly SourceText _source;
    private readonly Dictionary<int, int> _starts = [];
    private readonly Dictionary<int, Inside> _inside = [];
    private readonly HashSet<int> _openLines = [];
    private readonly List<Level> _levels = [];
    private readonly List<Gap> _gaps = [];
    private readonly List<SourceNode> _values = [];
    private readonly List<SourceSlice> _keys = [];

    public BlockLayout(SourceText source, IReadOnlyList<SourceNode> documents)
    {
        _source = source;
        foreach (var document in documents)
        {
            Read(document, -Step, -1);
        }
    }

    /// <summary>A list or mapping in block style.</summary>
    public sealed record Level(TextSpan Span, int Column, int NewColumn, bool IsList);

    /// <summary>A line that lies within a value.</summary>
    /// <param name="NewColumn">Where its first character that is no blank moves to.</param>
    /// <param name="IsBlock">Whether it is a line of a block text, of which only the indentation may change.</param>
    /// <param name="Indentation">How many blanks before a line of a block text are its indentation.</param>
    /// <param name="Keeps">Whether blank lines at the end of the block text are part of it.</param>
    public sealed record Inside(int NewColumn, bool IsBlock, int Indentation, bool Keeps);

    /// <summary>Blanks between two things of one line, and what belongs there.</summary>
    public sealed record Gap(TextSpan Span, string By);

    /// <summary>What stands on a line of its own: offset and new column.</summary>
    public IReadOnlyDictionary<int, int> Starts => _starts;

    /// <summary>The lines within values, by number from 1.</summary>
    public IReadOnlyDictionary<int, Inside> InsideLines => _inside;

    /// <summary>The lines at whose end a value goes on, by number from 1.</summary>
    public IReadOnlySet<int> OpenLines => _openLines;

    public IReadOnlyList<Level> Levels => _levels;

    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <summary>Every value that is no list or mapping in block style.</summary>
    public IReadOnlyList<SourceNode> Values => _values;

    /// <summary>Every key of a mapping in block style.</summary>
    public IReadOnlyList<SourceSlice> Keys => _keys;

    /// <summary>Where a key begins and ends with its quotes.</summary>
    public TextSpan SpanOf(SourceSlice key)
    {
        var (text, span) = (_source.Text, key.Span);
        return span.Start > 0 && span.End < text.Length && text[span.Start - 1] is '\'' or '"' && text[span.End] == text[span.Start - 1] ? new(span.Start - 1, span.End + 1) : span;
    }

    private void Read(SourceNode node, int parent, int oldParent)
    {
        switch (node)
        {
            case SourceNode.Mapping { IsFlow: false } mapping:
                ReadMapping(mapping, parent + Step);
                break;
            case SourceNode.Sequence { IsFlow: false } list:
                ReadList(list, parent + Step);
                break;
            default:
                ReadValue(node, parent, oldParent);
                break;
        }
    }

    private void ReadMapping(SourceNode.Mapping mapping, int column)
    {
        var oldColumn = ColumnOf(mapping.Span.Start);
        _levels.Add(new(mapping.Span, oldColumn, column, IsList: false));
        foreach (var (key, value) in mapping.Entries)
        {
            _keys.Add(key);
            var span = SpanOf(key);
            _starts[span.Start] = column;
            if (value.Span.Length > 0)
            {
                ReadGap(span.End, value.Span.Start, ':', ": ");
            }

            Read(value, column, oldColumn);
        }
    }

    private void ReadList(SourceNode.Sequence list, int column)
    {
        var oldColumn = ColumnOf(list.Span.Start);
        _starts[list.Span.Start] = column;
        _levels.Add(new(list.Span, oldColumn, column, IsList: true));
        foreach (var entry in list.Entries)
        {
            var dash = _source.Text.AsSpan(0, entry.Span.Start).TrimEnd(" \t").Length - 1;
            if (entry.Span.Length > 0 && dash >= 0 && _source.Text[dash] == '-' && dash + 1 < entry.Span.Start)
            {
                ReadGap(dash, entry.Span.Start, '-', "- ");
            }

            Read(entry, column, oldColumn);
        }
    }

    // Only where nothing but the sign and blanks stands between.
    private void ReadGap(int start, int end, char sign, string by)
    {
        if (start < end && _source.Text.AsSpan(start, end - start).Trim(" \t") is [var only] && only == sign)
        {
            _gaps.Add(new(new(start, end), by));
        }
    }

    private void ReadValue(SourceNode node, int parent, int oldParent)
    {
        _values.Add(node);
        if (node.Span.Length == 0)
        {
            return;
        }

        var beginsLine = _source.Text.AsSpan(_source.GetOffset(LineOf(node.Span.Start), 1), ColumnOf(node.Span.Start)).IsWhiteSpace();
        _starts.TryAdd(node.Span.Start, parent + Step);
        _openLines.UnionWith(Enumerable.Range(LineOf(node.Span.Start), LineOf(node.Span.End) - LineOf(node.Span.Start)));
        if (node is SourceNode.Scalar { IsPlain: false } && _source.Text[node.Span.Start] is '|' or '>')
        {
            ReadBlock(node.Span, parent, oldParent);
            return;
        }

        // What closes a bracket may stand right under the key; a text must go on behind it.
        var (shift, least) = (beginsLine ? parent + Step - ColumnOf(node.Span.Start) : parent - oldParent, node is SourceNode.Scalar ? parent + Step : parent);
        for (var line = LineOf(node.Span.Start) + 1; line <= LineOf(node.Span.End); line++)
        {
            _inside[line] = new(Math.Max(Math.Max(IndentationOf(line) + shift, least), 0), IsBlock: false, 0, Keeps: false);
        }
    }

    // Without a number behind its sign, a block text is indented as its first line is; otherwise by that number more than its parent.
    private void ReadBlock(TextSpan span, int parent, int oldParent)
    {
        var header = _source.GetLine(LineOf(span.Start)).AsSpan(ColumnOf(span.Start));
        header = header.IndexOf(' ') is > 0 and var length ? header[..length] : header;
        var (first, last) = (LineOf(span.Start) + 1, LineOf(Math.Max(span.Start, span.End - 1)));
        int indentation, column;
        if (header.IndexOfAnyInRange('1', '9') is >= 0 and var at)
        {
            var number = header[at] - '0';
            (indentation, column) = (Math.Max(oldParent, 0) + number, Math.Max(parent, 0) + number);
        }
        else
        {
            indentation = Enumerable.Range(first, Math.Max(last - first + 1, 0)).Where(line => _source.GetLine(line).AsSpan().TrimStart(' ').Length > 0)
                .Select(IndentationOf).FirstOrDefault(-1);
            column = parent + Step;
        }

        for (var line = first; line <= last && indentation >= 0; line++)
        {
            _inside[line] = new(column, IsBlock: true, indentation, header.Contains('+'));
        }
    }

    private int LineOf(int offset) => _source.GetPosition(offset).Line;

    private int ColumnOf(int offset) => _source.GetPosition(offset).Column - 1;

    private int IndentationOf(int line)
    {
        var text = _source.GetLine(line).AsSpan();
        return text.Length - text.TrimStart(' ').Length;
    }
}
