using System.Text;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

internal sealed partial class Lexer
{
    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["&&"] = "and",
        ["||"] = "or",
        ["!"] = "!",
        ["=="] = "==",
        ["="] = "==",
        ["!="] = "!=",
        ["<>"] = "!=",
        ["<"] = "<",
        ["<="] = "<=",
        [">"] = ">",
        [">="] = ">=",
        ["+"] = "+",
        ["-"] = "-",
        ["*"] = "*",
        ["/"] = "/",
        ["%"] = "%",
        ["?"] = "?",
        [":"] = ":",
    };

    /// <summary>What other languages write: what is read in its place, and the hint.</summary>
    private static readonly Dictionary<string, (string Meant, Phrase Hint)> Foreign = new(StringComparer.Ordinal)
    {
        ["==="] = ("==", "write =="),
        ["!=="] = ("!=", "write !="),
        ["=<"] = ("<=", "write <="),
        ["=>"] = (">=", "write >="),
        ["=~"] = ("==", "write matches(x, /…/)"),
        ["??"] = ("or", "write coalesce(a, b)"),
        ["?."] = (".", "write '.': a path through null is null"),
        ["**"] = ("*", "write a product"),
    };

    private static readonly Dictionary<string, (string Meant, Phrase Hint)> Bits = new(StringComparer.Ordinal)
    {
        ["&"] = ("and", "write and"),
        ["|"] = ("or", "write or; a function is called as upper(x)"),
        ["^"] = ("!=", "write a != b"),
        ["~"] = ("!", "write not"),
        ["<<"] = ("<", "write <"),
        [">>"] = (">", "write >"),
    };

    private void ReadSign()
    {
        for (var length = Math.Min(3, _text.Length - _position); length > 0; length--)
        {
            var sign = _text.Substring(_position, length);
            if (sign == "?." && char.IsAsciiDigit(Peek(2)))
            {
                continue;
            }

            if (IsSign(sign))
            {
                var span = new TextSpan(_position, _position + length);
                _position += length;
                AddSign(sign, span);
                return;
            }
        }

        ReadUnexpected();
    }

    private static bool IsSign(string sign) =>
        Operators.ContainsKey(sign) || Foreign.ContainsKey(sign) || Bits.ContainsKey(sign) || sign is "(" or ")" or "[" or "]" or "," or ".";

    private void AddSign(string sign, TextSpan span)
    {
        if (Operators.TryGetValue(sign, out var canonical))
        {
            _tokens.Add(new(TokenKind.Operator, span, canonical));
        }
        else if (Foreign.TryGetValue(sign, out var foreign))
        {
            _isBroken = true;
            _findings.Add(ExpressionDiagnostics.UnknownOperator, span, foreign.Hint, null, sign);
            AddSign(foreign.Meant, span);
        }
        else if (Bits.TryGetValue(sign, out var bit))
        {
            _isBroken = true;
            _findings.Add(ExpressionDiagnostics.BitOperator, span, bit.Hint, null, sign);
            _tokens.Add(new(TokenKind.Operator, span, bit.Meant));
        }
        else if (sign is "or" or "and")
        {
            _tokens.Add(new(TokenKind.Operator, span, sign));
        }
        else if (sign is "(" or ")" or "[" or "]" or "," or ".")
        {
            _tokens.Add(new(TokenKind.Punctuation, span, sign));
        }
        else
        {
            AddUnexpected(sign, span);
        }
    }

    private void ReadUnexpected()
    {
        if (Current is '{' or '}' || (Current == '$' && Peek(1) == '{'))
        {
            ReadBraces();
            return;
        }

        var length = Rune.DecodeFromUtf16(_text.AsSpan(_position), out _, out var consumed) == System.Buffers.OperationStatus.Done ? consumed : 1;
        var span = new TextSpan(_position, _position + length);
        AddUnexpected(_text.Substring(_position, length), span);
        _position += length;
    }

    // ${x}, {x} and {{ x }} of templates: told at the opening ones, the closing ones go without saying.
    private void ReadBraces()
    {
        var start = _position;
        var isClosing = Current == '}';
        _position++;
        while (Current == (isClosing ? '}' : '{'))
        {
            _position++;
        }

        if (isClosing && _openBraces > 0)
        {
            _openBraces--;
            return;
        }

        _openBraces += isClosing ? 0 : 1;
        AddUnexpected(_text[start.._position], new(start, _position));
    }

    // A control character or half a character would make the message unreadable: its number is shown instead.
    private void AddUnexpected(string sign, TextSpan span)
    {
        var shown = char.IsControl(sign[0]) || (sign.Length == 1 && char.IsSurrogate(sign[0])) || char.GetUnicodeCategory(sign[0]) == System.Globalization.UnicodeCategory.Format
            ? $"U+{(int)sign[0]:X4}" : sign;
        _isBroken = true;
        _findings.Add(ExpressionDiagnostics.UnexpectedCharacter, span, UnexpectedHint(sign), null, shown);
    }

    private static Phrase? UnexpectedHint(string sign) => sign switch
    {
        "${" => "names stand without ${…} in an expression",
        "${{" => "names stand without ${{ … }} in an expression",
        "{{" => "names stand without {{ … }} in an expression",
        "$" => "names have letters, digits and '_' only",
        "{" or "}" => "brackets are ( and )",
        "@" => "a text stands in quotes: '@name'",
        "#" => "a text stands in quotes: '#tag'",
        "`" or "´" => "a text stands in '…' or \"…\"",
        "\\" => "a backslash stands only in texts and regular expressions",
        ";" => "an expression is one value: leave it out",
        "≠" => "write !=",
        "≤" => "write <=",
        "≥" => "write >=",
        _ when OddSpace.HintFor(sign[0]) is { } hint => hint,
        _ when sign.Length > 1 || sign[0] > '\u2000' => Phrase.Of($"a text stands in quotes: '{sign}'"),
        _ => null,
    };
}
