using System.Buffers;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

// What stands around the place of a fault.
internal sealed partial class YamlFault
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private TextSpan BadEscape(int quote)
    {
        for (var i = quote + 1; i + 1 < _text.Length && _text[i] != '"'; i++)
        {
            if (_text[i] != '\\')
            {
                continue;
            }

            var digits = _text[i + 1] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            var isKnown = "0abt\tnvfre \"/\\N_LP\r\n".Contains(_text[i + 1], StringComparison.Ordinal)
                || (digits > 0 && i + 2 + digits <= _text.Length && _text.AsSpan(i + 2, digits).IndexOfAnyExcept(HexDigits) < 0);
            if (!isKnown)
            {
                return new(i, i + 2);
            }

            i++;
        }

        return new(quote, Math.Min(quote + 1, _text.Length));
    }

    private int HoleEnd(int hole)
    {
        var end = _text.IndexOf('}', hole);
        return end < 0 || end > LineEnd(hole) ? hole + 2 : end + 1;
    }

    private TextSpan Word(int start)
    {
        start = Math.Clamp(start, 0, _text.Length);
        var end = start;
        while (end < _text.Length && _text[end] is not (' ' or '\t' or '\r' or '\n'))
        {
            end++;
        }

        return new(start, end);
    }

    private int LineStart(int at) => at <= 0 ? 0 : _text.LastIndexOf('\n', Math.Min(at, _text.Length) - 1) + 1;

    private int LineEnd(int at)
    {
        var end = _text.IndexOf('\n', Math.Min(at, _text.Length));
        end = end < 0 ? _text.Length : end;
        return end > at && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private int NextLine(int at) => _text.IndexOf('\n', Math.Min(at, _text.Length)) is var next and >= 0 ? next + 1 : -1;

    private string Line(int lineStart) => _text[lineStart..Math.Max(LineEnd(lineStart), lineStart)];

    [GeneratedRegex(@"^:(?<name>[\w+-]+)(@[\w.-]+)?:", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Emoji();

    [GeneratedRegex(@"^(?<a>[^?]+?)[ ]\?[ ](?<b>[^:]+?)[ ]:[ ](?<c>.+)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Ternary();

    [GeneratedRegex(@"^(?<needle>'[^']*'|""[^""]*"")[ ]+in[ ]+(?<path>[\w.]+)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex QuotedInPath();

    [GeneratedRegex(@"^[ ]*(-[ ]+)*(?<key>[\p{L}\p{N}_-]+)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex BareKey();

    [GeneratedRegex(@"^[ ]*(-[ ]+)*(?<key>[\p{L}\p{N}_-]+):([ ]+(?<value>.*)|[ ]*)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex KeyAndValue();

    [GeneratedRegex(@"^[ ]*(-[ ]+)*(?<key>[\p{L}_-]+):(?<value>[^ ].*)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex GluedColon();
}
