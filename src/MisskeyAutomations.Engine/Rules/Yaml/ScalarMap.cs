using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using YamlDotNet.Core;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>
/// Finds where each character of a scalar stands in its file: quotes, escapes, folded lines and indentation are gone from the value,
/// but an error in an expression must point at what was written.
/// </summary>
internal static class ScalarMap
{
    /// <summary>
    /// The scalar's value with its map. A value whose map cannot be told (no such file is known) points at its whole span.
    /// </summary>
    public static SourceSlice Map(SourceText source, string value, ScalarStyle style, TextSpan span)
    {
        if (style == ScalarStyle.Plain && value.Length == span.Length)
        {
            return SourceSlice.Verbatim(source, value, span.Start);
        }

        var raw = source.Text.AsSpan(0, span.End);
        var map = style switch
        {
            ScalarStyle.SingleQuoted => new Decoded().Flow(raw[..^1], span.Start + 1, '\''),
            ScalarStyle.DoubleQuoted => new Decoded().Flow(raw[..^1], span.Start + 1, '"'),
            ScalarStyle.Literal or ScalarStyle.Folded => new Decoded().Block(raw, span.Start, value),
            _ => new Decoded().Flow(raw, span.Start, '\0'),
        };
        return map.Text == value
            ? map.ToSlice(source)
            : SourceSlice.Mapped(source, value, [.. Enumerable.Repeat(span.Start, value.Length), span.End]);
    }

    private sealed class Decoded
    {
        private readonly StringBuilder _text = new();
        private readonly List<int> _offsets = [];
        private int _end;

        public string Text => _text.ToString();

        public SourceSlice ToSlice(SourceText source)
        {
            // An emptied end (trailing line breaks that chomping took) stands directly after the last character.
            var offsets = new int[_offsets.Count + 1];
            _offsets.CopyTo(offsets);
            offsets[^1] = Math.Max(_end, _offsets.Count == 0 ? _end : _offsets[^1]);
            return offsets.Length == 1 ? SourceSlice.Verbatim(source, "", _end) : SourceSlice.Mapped(source, Text, offsets);
        }

        /// <summary>Plain and quoted scalars: a run of blanks with line breaks folds to one space, or to all its breaks but the first.</summary>
        public Decoded Flow(ReadOnlySpan<char> raw, int at, char quote)
        {
            while (at < raw.Length)
            {
                if (raw[at] is ' ' or '\t' or '\r' or '\n')
                {
                    at = Blanks(raw, at, firstBreakIsEscaped: false);
                }
                else if (quote == '\'' && raw[at] == '\'')
                {
                    Add('\'', at);
                    at += 2;
                }
                else if (quote == '"' && raw[at] == '\\')
                {
                    at = Escape(raw, at);
                }
                else
                {
                    Add(raw[at], at);
                    at++;
                }
            }

            _end = raw.Length;
            return this;
        }

        private int Blanks(ReadOnlySpan<char> raw, int at, bool firstBreakIsEscaped)
        {
            var start = at;
            var breaks = new List<int>();
            while (at < raw.Length && raw[at] is ' ' or '\t' or '\r' or '\n')
            {
                if (raw[at] == '\n')
                {
                    breaks.Add(at);
                }

                at++;
            }

            if (breaks.Count == 0 && !firstBreakIsEscaped)
            {
                for (var i = start; i < at; i++)
                {
                    Add(raw[i], i);
                }
            }
            else if (breaks.Count == 1 && !firstBreakIsEscaped)
            {
                Add(' ', breaks[0]);
            }
            else
            {
                foreach (var lineBreak in breaks.Skip(firstBreakIsEscaped ? 0 : 1))
                {
                    Add('\n', lineBreak);
                }
            }

            return at;
        }

        private int Escape(ReadOnlySpan<char> raw, int at)
        {
            var next = at + 1 < raw.Length ? raw[at + 1] : '\0';
            if (next is '\r' or '\n')
            {
                return Blanks(raw, at + (next == '\r' ? 3 : 2), firstBreakIsEscaped: true);
            }

            var digits = next switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits == 0)
            {
                Add(SimpleEscape(next), at);
                return at + 2;
            }

            var end = Math.Min(at + 2 + digits, raw.Length);
            if (int.TryParse(raw[(at + 2)..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                foreach (var unit in code < 0x10000 ? ((char)code).ToString() : code <= 0x10FFFF ? char.ConvertFromUtf32(code) : "")
                {
                    Add(unit, at);
                }
            }

            return end;
        }

        private static char SimpleEscape(char escape) => escape switch
        {
            '0' => '\0',
            'a' => '\a',
            'b' => '\b',
            't' or '\t' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            'e' => '\e',
            'N' => '\u0085',
            '_' => '\u00a0',
            'L' => '\u2028',
            'P' => '\u2029',
            _ => escape,
        };

        /// <summary>
        /// Block scalars, by alignment: what is no blank stands in both texts in the same order. Within a run of blanks, line breaks are
        /// matched from the front, and the spaces after the last one (beyond the indentation) from the back.
        /// </summary>
        public Decoded Block(ReadOnlySpan<char> raw, int start, string value)
        {
            var header = raw[start..].IndexOf('\n');
            var at = header < 0 ? raw.Length : start + header + 1;
            for (var i = 0; i < value.Length;)
            {
                if (value[i] is not (' ' or '\n' or '\t'))
                {
                    at = SkipBlanks(raw, at);
                    if (at >= raw.Length)
                    {
                        return this;
                    }

                    Add(raw[at], at);
                    (at, i) = (at + 1, i + 1);
                    continue;
                }

                var runEnd = i;
                while (runEnd < value.Length && value[runEnd] is ' ' or '\n' or '\t')
                {
                    runEnd++;
                }

                var rawEnd = SkipBlanks(raw, at);
                AlignBlanks(raw[..rawEnd], at, value.AsSpan(i, runEnd - i));
                (at, i) = (rawEnd, runEnd);
            }

            _end = _offsets.Count == 0 ? at : _offsets[^1] + 1;
            return this;
        }

        private void AlignBlanks(ReadOnlySpan<char> raw, int at, ReadOnlySpan<char> blanks)
        {
            var tail = blanks.LastIndexOf('\n') + 1;
            foreach (var blank in blanks[..tail])
            {
                // A break that was folded away stands as a space in the value; the break itself is the best place for it.
                var found = raw[at..].IndexOf('\n');
                var place = blank == '\n' && found >= 0 ? at + found : Math.Min(at, raw.Length - 1);
                Add(blank, place);
                at = Math.Min(place + 1, raw.Length);
            }

            for (var i = tail; i < blanks.Length; i++)
            {
                Add(blanks[i], Math.Max(raw.Length - (blanks.Length - i), at));
            }
        }

        private static int SkipBlanks(ReadOnlySpan<char> raw, int at)
        {
            while (at < raw.Length && raw[at] is ' ' or '\n' or '\r' or '\t')
            {
                at++;
            }

            return at;
        }

        private void Add(char character, int offset)
        {
            _text.Append(character);
            _offsets.Add(offset);
        }
    }
}
