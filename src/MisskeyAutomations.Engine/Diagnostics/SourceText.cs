namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>A rule file's text with its line starts, so that any offset can be told as an editor tells it.</summary>
public sealed class SourceText
{
    private readonly int[] _lineStarts;

    /// <summary>Takes a text as it was read (LF or CRLF line ends, without a byte-order mark).</summary>
    /// <param name="path">The path as people know it, relative to where they started the program.</param>
    /// <param name="text">The whole text.</param>
    public SourceText(string path, string text)
    {
        Path = path;
        Text = text;
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        _lineStarts = [.. starts];
    }

    /// <summary>The path as people know it.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Line and column of an offset, both from 1; the column counts UTF-16 code units as editors do.</summary>
    public (int Line, int Column) GetPosition(int offset)
    {
        var line = Array.BinarySearch(_lineStarts, Math.Clamp(offset, 0, Text.Length));
        line = line < 0 ? ~line - 1 : line;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>The offset of a line and column, both from 1; clamped to the text.</summary>
    public int GetOffset(int line, int column)
    {
        var start = _lineStarts[Math.Clamp(line - 1, 0, _lineStarts.Length - 1)];
        return Math.Clamp(start + column - 1, 0, Text.Length);
    }

    /// <summary>The text of a line (from 1) without its line end.</summary>
    public string GetLine(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}
