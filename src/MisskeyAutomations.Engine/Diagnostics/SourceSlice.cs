namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// A value that was written somewhere in a rule file (a scalar after YAML took its quotes, escapes and indentation away),
/// together with where each of its characters stands in the file. It lets an expression's own offsets become file positions.
/// </summary>
public sealed class SourceSlice
{
    private readonly int[]? _offsets;
    private readonly int _start;

    private SourceSlice(SourceText source, string text, int start, int[]? offsets)
    {
        Source = source;
        Text = text;
        _start = start;
        _offsets = offsets;
    }

    /// <summary>The file.</summary>
    public SourceText Source { get; }

    /// <summary>The value's text.</summary>
    public string Text { get; }

    /// <summary>A value that stands in the file letter for letter, from <paramref name="start"/>.</summary>
    public static SourceSlice Verbatim(SourceText source, string text, int start) => new(source, text, start, null);

    /// <summary>
    /// A value whose characters moved. <paramref name="offsets"/> has one file offset for each character of
    /// <paramref name="text"/> and one more for its end.
    /// </summary>
    public static SourceSlice Mapped(SourceText source, string text, int[] offsets)
    {
        if (offsets.Length != text.Length + 1)
        {
            throw new ArgumentException($"{text.Length} characters need {text.Length + 1} offsets, not {offsets.Length}.", nameof(offsets));
        }

        return new(source, text, 0, offsets);
    }

    /// <summary>A text that stands in no file (a test, a benchmark): the text is its own source.</summary>
    public static SourceSlice Of(string text) => new(new SourceText("(text)", text), text, 0, null);

    /// <summary>The file span of a span of the value.</summary>
    public TextSpan Map(TextSpan span) => new(MapOffset(span.Start), Math.Max(MapEnd(span), MapOffset(span.Start)));

    /// <summary>The file span of the whole value.</summary>
    public TextSpan Span => Map(new(0, Text.Length));

    /// <summary>A part of the value, with its own map.</summary>
    public SourceSlice Part(int start, int length) => _offsets is null
        ? new(Source, Text.Substring(start, length), _start + start, null)
        : new(Source, Text.Substring(start, length), 0, _offsets[start..(start + length + 1)]);

    private int MapOffset(int offset) => _offsets is null ? _start + offset : _offsets[offset];

    // The end of a span is one past its last character: the next character may stand on another line.
    private int MapEnd(TextSpan span) => _offsets is null || span.Length == 0 ? MapOffset(span.End) : _offsets[span.End - 1] + 1;
}
