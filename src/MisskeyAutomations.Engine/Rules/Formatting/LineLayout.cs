using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>
/// Goes through a file line by line and makes the edits of indentation, blanks at line ends, comments and blank lines. Comments on
/// lines of their own move with what they stand at.
/// </summary>
internal sealed class LineLayout
{
    private readonly SourceText _source;
    private readonly BlockLayout _blocks;
    private readonly TextEdits _edits;
    private readonly List<Line> _lines = [];
    private readonly Dictionary<int, int> _contentEnds = [];

    public LineLayout(SourceText source, BlockLayout blocks, TextEdits edits)
    {
        (_source, _blocks, _edits) = (source, blocks, edits);
        foreach (var end in blocks.Values.Select(value => value.Span.End).Concat(blocks.Keys.Select(EndOf)))
        {
            var line = source.GetPosition(end).Line;
            _contentEnds[line] = Math.Max(_contentEnds.GetValueOrDefault(line), end);
        }
    }

    private enum Kind
    {
        Content,
        Comment,
        Blank,
        Inside,
        Marker,
    }

    /// <summary>A line: where it begins, where its first character that is no blank stands, and where it ends without its line end.</summary>
    private sealed record Line(int Number, int Start, int First, int End)
    {
        public Kind Kind { get; set; }

        public int NewColumn { get; set; }

        public int Column => First - Start;
    }

    /// <summary>Makes the edits. The number of a line that begins in an unknown way; null when there is none.</summary>
    public int? Read(IReadOnlyList<SourceNode> documents)
    {
        for (var (number, start) = (1, 0); start < _source.Text.Length; number++)
        {
            var text = _source.GetLine(number);
            _lines.Add(new(number, start, start + text.Length - text.AsSpan().TrimStart(" \t").Length, start + text.Length));
            start = _source.Text.IndexOf('\n', start) is >= 0 and var end ? end + 1 : _source.Text.Length;
        }

        foreach (var line in _lines)
        {
            if (!Classify(line))
            {
                return line.Number;
            }
        }

        foreach (var comment in _lines.Where(line => line.Kind == Kind.Comment))
        {
            comment.NewColumn = ColumnOfComment(comment);
        }

        foreach (var line in _lines)
        {
            Edit(line);
        }

        new BlankLines(_source, _edits, [.. _lines.Select(line => new BlankLines.Row(line.Start, line.End, line.Kind == Kind.Blank, line.Kind == Kind.Comment, line.NewColumn))])
            .Edit(documents, _blocks.InsideLines);
        return null;
    }

    private bool Classify(Line line)
    {
        var text = _source.Text.AsSpan(line.First, line.End - line.First);
        if (_blocks.InsideLines.TryGetValue(line.Number, out var inside) && !(inside.IsBlock && !inside.Keeps && IsTrailing(line)))
        {
            (line.Kind, line.NewColumn) = (Kind.Inside, inside.NewColumn);
        }
        else if (text.Length == 0)
        {
            line.Kind = Kind.Blank;
        }
        else if (text[0] == '#')
        {
            line.Kind = Kind.Comment;
        }
        else if (line.Column == 0 && (text[0] == '%' || ((text.StartsWith("---") || text.StartsWith("...")) && (text.Length == 3 || text[3] is ' ' or '\t'))))
        {
            line.Kind = Kind.Marker;
        }
        else if (_blocks.Starts.TryGetValue(line.First, out var column))
        {
            line.NewColumn = column;
        }
        else if (text is ['-'] or ['-', ' ' or '\t', ..] && _blocks.Levels.LastOrDefault(level => level.IsList && level.Column == line.Column && level.Span.Start <= line.First) is { } list)
        {
            line.NewColumn = list.NewColumn;
        }
        else
        {
            return false;
        }

        return true;
    }

    // Blank lines behind a block text that does not keep them belong to nobody.
    private bool IsTrailing(Line line) => line.First == line.End && !_lines.Skip(line.Number)
        .TakeWhile(next => _blocks.InsideLines.ContainsKey(next.Number))
        .Prepend(line).Any(next => next.First < next.End || next.Column > _blocks.InsideLines[next.Number].Indentation);

    private int ColumnOfComment(Line comment)
    {
        var next = _lines.Skip(comment.Number).FirstOrDefault(line => line.Kind is Kind.Content);
        if (next is not null && next.Column == comment.Column)
        {
            return next.NewColumn;
        }

        var before = _lines.Take(comment.Number - 1).LastOrDefault(line => line.Kind is Kind.Content or Kind.Inside);
        var level = _blocks.Levels
            .Where(level => level.Column <= comment.Column && (IsOpenAt(level, before?.First) || IsOpenAt(level, next?.First)))
            .OrderBy(level => level.Column).ThenBy(level => level.NewColumn).LastOrDefault();
        return level is null ? comment.Column : level.NewColumn + comment.Column - level.Column;
    }

    private static bool IsOpenAt(BlockLayout.Level level, int? offset) => level.Span.Start <= offset && offset <= level.Span.End;

    private void Edit(Line line)
    {
        var inside = line.Kind == Kind.Inside ? _blocks.InsideLines[line.Number] : null;
        if (inside is { IsBlock: true })
        {
            var indentation = Math.Min(line.Column, inside.Indentation);
            _edits.Replace(new(line.Start, line.Start + indentation), line.Column > inside.Indentation || line.First < line.End ? new string(' ', line.NewColumn) : "");
            return;
        }

        // Blank lines are the next one's business; those within a text in quotes are part of it.
        if (line.First == line.End)
        {
            return;
        }

        _edits.Replace(new(line.Start, line.First), new string(' ', line.NewColumn));
        if (!_blocks.OpenLines.Contains(line.Number))
        {
            TrimEnd(line);
        }
    }

    private void TrimEnd(Line line)
    {
        var text = _source.Text;
        var end = line.Start + text.AsSpan(line.Start, line.End - line.Start).TrimEnd(" \t").Length;
        _edits.Replace(new(end, line.End), "");
        if (line.Kind is not (Kind.Content or Kind.Inside) || _contentEnds.GetValueOrDefault(line.Number) is not (> 0 and var content) || content <= line.Start)
        {
            return;
        }

        // A comment behind something keeps its column, so that comments below each other stay so.
        var behind = text.AsSpan(content, end - content);
        var gap = behind.Length - behind.TrimStart(' ').Length;
        if (gap > 1 && behind[gap] == '#')
        {
            _edits.Replace(new(content, content + gap), new string(' ', Math.Max(gap - _edits.Growth(line.First, content), 1)));
        }
    }

    // Behind its colon.
    private int EndOf(SourceSlice key)
    {
        var end = _blocks.SpanOf(key).End;
        while (end < _source.Text.Length && _source.Text[end] is ' ' or '\t')
        {
            end++;
        }

        return end < _source.Text.Length && _source.Text[end] == ':' ? end + 1 : end;
    }
}
