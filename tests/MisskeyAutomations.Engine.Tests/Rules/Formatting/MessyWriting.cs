using System.Buffers;
using System.Text;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules.Formatting;

/// <summary>
/// Writes a document as people may: any indentation, lists under their key or behind it, brackets, quotes, escapes, blanks, blank lines,
/// comments, line ends. What it writes says the same.
/// </summary>
internal sealed class MessyWriting(Random random, IReadOnlyDictionary<SourceNode, string> texts)
{
    private static readonly SearchValues<char> FlowSigns = SearchValues.Create(",[]{}:#");

    private readonly StringBuilder _text = new();
    private int _comments;

    /// <summary>The document, with comments <c># c1</c>, <c># c2</c> … in order.</summary>
    public string Write(SourceNode document)
    {
        Between(0);
        Node(document, 0, isInline: false);
        Between(0);
        return random.Next(4) == 0 ? _text.ToString().Replace("\n", "\r\n", StringComparison.Ordinal) : _text.ToString();
    }

    private void Node(SourceNode node, int indent, bool isInline)
    {
        switch (node)
        {
            case SourceNode.Mapping mapping:
                for (var i = 0; i < mapping.Entries.Count; i++)
                {
                    Begin(indent, isInline && i == 0);
                    _text.Append(Key(mapping.Entries[i].Name)).Append(Chance(10) ? " :" : ":");
                    Value(mapping.Entries[i].Value, indent, isKey: true);
                }

                break;
            case SourceNode.Sequence list:
                for (var i = 0; i < list.Entries.Count; i++)
                {
                    Begin(indent, isInline && i == 0);
                    _text.Append('-');
                    Value(list.Entries[i], indent, isKey: false);
                }

                break;
        }
    }

    private void Value(SourceNode value, int indent, bool isKey)
    {
        if (value is SourceNode.Scalar scalar)
        {
            Scalar(scalar, indent);
        }
        else if (value is SourceNode.Sequence { Entries.Count: 0 } or SourceNode.Mapping { Entries.Count: 0 } || (Chance(15) && !HoldsLines(value)))
        {
            _text.Append(Blanks());
            Flow(value);
            EndLine();
        }
        else if (isKey)
        {
            EndLine();
            Node(value, value is SourceNode.Sequence && Chance(40) ? indent : indent + random.Next(1, 6), isInline: false);
        }
        else
        {
            var gap = random.Next(1, 4);
            _text.Append(' ', gap);
            Node(value, indent + 1 + gap, isInline: true);
        }
    }

    private void Scalar(SourceNode.Scalar scalar, int indent)
    {
        var text = TextOf(scalar);
        if (text.Contains('\n', StringComparison.Ordinal) && text.TrimEnd('\n').Length > 0 && !text.Contains('\r', StringComparison.Ordinal) && text[0] is not (' ' or '\n' or '\t'))
        {
            Block(text, indent);
            return;
        }

        _text.Append(Blanks()).Append(Spelled(scalar, inFlow: false));
        EndLine();
    }

    private void Block(string text, int indent)
    {
        var end = text.Length - text.TrimEnd('\n').Length;
        var step = random.Next(1, 5);
        _text.Append(Blanks()).Append('|').Append(Chance(20) ? $"{step}" : "").Append(end switch { 0 => "-", 1 => "", _ => "+" });
        EndLine();
        foreach (var line in (end == 0 ? text : text[..^1]).Split('\n'))
        {
            _text.Append(' ', line.Length == 0 ? 0 : indent + step).Append(line).Append('\n');
        }
    }

    private void Flow(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Mapping mapping:
                _text.Append(Chance(50) ? "{" : "{ ");
                for (var i = 0; i < mapping.Entries.Count; i++)
                {
                    _text.Append(i == 0 ? "" : Comma()).Append(Key(mapping.Entries[i].Name)).Append(": ");
                    Flow(mapping.Entries[i].Value);
                }

                _text.Append(Chance(50) ? "}" : " }");
                break;
            case SourceNode.Sequence list:
                _text.Append('[');
                for (var i = 0; i < list.Entries.Count; i++)
                {
                    _text.Append(i == 0 ? "" : Comma());
                    Flow(list.Entries[i]);
                }

                _text.Append(']');
                break;
            case SourceNode.Scalar scalar:
                _text.Append(Spelled(scalar, inFlow: true));
                break;
        }
    }

    private string Spelled(SourceNode.Scalar scalar, bool inFlow)
    {
        var text = TextOf(scalar);
        var wasPlain = scalar.IsPlain && text == scalar.Text;
        if (scalar.IsNull)
        {
            return "null";
        }

        // A truth value or number is one only without quotes, and a text that looks like one only with them.
        if (wasPlain && (text is "true" or "false" || char.IsAsciiDigit(text[0]) || text[0] is '-' or '.'))
        {
            return text;
        }

        if (wasPlain && Chance(60) && !(inFlow && text.AsSpan().ContainsAny(FlowSigns)) && !text.Contains('\n', StringComparison.Ordinal))
        {
            return text;
        }

        return Chance(50) && !text.Any(char.IsControl) && !text.Contains('\u2028', StringComparison.Ordinal)
            ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : DoubleQuoted(text);
    }

    private static string DoubleQuoted(string text) => '"' + string.Concat(text.Select(character => character switch
    {
        '"' or '\\' => $"\\{character}",
        '\n' => "\\n",
        '\t' => "\\t",
        < ' ' or '\u0085' or '\u2028' or '\ufeff' => $"\\u{(int)character:x4}",
        _ => $"{character}",
    })) + '"';

    private static bool HoldsLines(SourceNode node) => node switch
    {
        SourceNode.Scalar scalar => scalar.Text.Contains('\n', StringComparison.Ordinal),
        SourceNode.Sequence list => list.Entries.Any(HoldsLines),
        SourceNode.Mapping mapping => mapping.Entries.Any(entry => HoldsLines(entry.Value)),
        _ => true,
    };

    private string TextOf(SourceNode.Scalar scalar) => texts.GetValueOrDefault(scalar) ?? scalar.Text;

    private string Key(string name) => !name.All(character => char.IsLetterOrDigit(character) || character is '-' or '_') || char.IsAsciiDigit(name[0]) ? DoubleQuoted(name)
        : random.Next(8) switch { 0 => $"'{name}'", 1 => DoubleQuoted(name), _ => name };

    private void Begin(int indent, bool isInline)
    {
        if (!isInline)
        {
            Between(indent);
            _text.Append(' ', indent);
        }
    }

    // Never behind a block text that keeps its end: blank lines would be part of it.
    private void Between(int indent)
    {
        if (_text.Length > 0 && _text[^1] == '\n' && _text.ToString().Contains("|+", StringComparison.Ordinal))
        {
            return;
        }

        while (Chance(12))
        {
            // At its own level: where a comment belongs that stands elsewhere is a matter of taste.
            _text.Append(Chance(40) ? Chance(50) ? "\n" : "   \n" : $"{new string(' ', indent)}# c{++_comments}{(Chance(30) ? "\t 日本語 🎉  " : "")}\n");
        }
    }

    private void EndLine() => _text.Append(Chance(10) ? $"{new string(' ', random.Next(1, 9))}# c{++_comments}" : Chance(10) ? "  " : "").Append('\n');

    private string Blanks() => new(' ', Chance(80) ? 1 : random.Next(1, 6));

    private string Comma() => Chance(70) ? ", " : Chance(50) ? "," : " , ";

    private bool Chance(int percent) => random.Next(100) < percent;
}
