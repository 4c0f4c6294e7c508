using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>
/// Splits an expression into words and signs. Reads to the end of the slice, or, for a hole of a template, to the closing brace;
/// braces inside texts and regular expressions do not count.
/// </summary>
internal sealed partial class Lexer
{
    private readonly Findings _findings;
    private readonly string _text;
    private readonly int _start;
    private readonly bool _inHole;
    private readonly List<Token> _tokens = [];
    private int _position;
    private bool _isBroken;
    private int _openBraces;

    private Lexer(Findings findings, int start, bool inHole)
    {
        (_findings, _text, _start, _inHole, _position) = (findings, findings.Slice.Text, start, inHole, start);
    }

    /// <summary>The words and signs, the last of which is <see cref="TokenKind.End"/>.</summary>
    /// <param name="Tokens">Null when a budget was exceeded.</param>
    /// <param name="End">One past the last character read, the closing brace included.</param>
    /// <param name="IsClosed">Whether a hole's closing brace was found.</param>
    /// <param name="IsBroken">Whether something was left out, so that what remains would give misleading findings.</param>
    internal readonly record struct Result(IReadOnlyList<Token>? Tokens, int End, bool IsClosed, bool IsBroken);

    /// <summary>Reads from <paramref name="start"/>.</summary>
    public static Result Read(Findings findings, int start, bool inHole) => new Lexer(findings, start, inHole).Read();

    private char Current => Peek(0);

    private Result Read()
    {
        if (!_inHole && IsTooLong(_text.Length))
        {
            return new(null, _text.Length, false, true);
        }

        var isClosed = false;
        while (_position < _text.Length && !isClosed)
        {
            if (_tokens.Count > ExpressionLimits.Tokens)
            {
                _findings.Add(ExpressionDiagnostics.TooManyTokens, _tokens[^1].Span, "split it into several: when and if take a list", null, ExpressionLimits.Tokens);
                return new(null, Skip(), true, true);
            }

            if (_inHole && Current is '}' or '｝')
            {
                TellFullWidthEnd();
                isClosed = true;
                break;
            }

            ReadToken();
        }

        var end = isClosed ? _position + 1 : _position;
        _tokens.Add(new(TokenKind.End, new(_position, _position), ""));
        return IsTooLong(_position - _start) ? new(null, end, true, true) : new(_tokens, end, isClosed, _isBroken);
    }

    private void TellFullWidthEnd()
    {
        if (Current == '｝')
        {
            _findings.Add(ExpressionDiagnostics.FullWidth, new(_position, _position + 1), "write }", null, "'｝'");
        }
    }

    private bool IsTooLong(int length)
    {
        if (length <= ExpressionLimits.SourceLength)
        {
            return false;
        }

        var place = new TextSpan(_start + ExpressionLimits.SourceLength, _start + ExpressionLimits.SourceLength);
        _findings.Add(ExpressionDiagnostics.TooLong, place, "split it into several: when and if take a list", null, ExpressionLimits.SourceLength, length);
        return true;
    }

    // After a budget is exceeded a hole still has to end somewhere: at the next brace.
    private int Skip() => _inHole && _text.IndexOf('}', _position) is >= 0 and var brace ? brace + 1 : _text.Length;

    private void ReadToken()
    {
        var c = Current;
        if (char.IsWhiteSpace(c) && c != '\u3000')
        {
            _position++;
        }
        else if (c is '\'' or '"')
        {
            ReadText(c);
        }
        else if (char.IsAsciiDigit(c))
        {
            ReadNumber();
        }
        else if (NameLengthAt(_position) > 0)
        {
            ReadName();
        }
        else if (FullWidth.Ascii(c) is { } meant)
        {
            ReadFullWidth(c, meant);
        }
        else if (c == '/' && (_tokens.Count == 0 || !_tokens[^1].EndsValue))
        {
            ReadRegex();
        }
        else
        {
            ReadSign();
        }
    }

    private void ReadName()
    {
        var start = _position;
        while (NameLengthAt(_position) is > 0 and var length)
        {
            _position += length;
        }

        var span = new TextSpan(start, _position);
        var name = _text[start.._position];
        if (FullWidth.Narrow(name) is var narrow && narrow != name)
        {
            _findings.Add(ExpressionDiagnostics.FullWidth, span, $"write {narrow}", null, Phrase.Of($"letters '{name}'"));
            name = narrow;
            if (double.TryParse(narrow, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                _tokens.Add(new(TokenKind.Number, span, narrow, number));
                return;
            }
        }

        var isMember = _tokens.Count > 0 && _tokens[^1].Is(".");
        if (isMember || Keyword(name) is not { } keyword)
        {
            _tokens.Add(new(TokenKind.Name, span, name));
        }
        else if (keyword == "in" && _tokens.Count > 1 && _tokens[^1].Is("not") && _tokens[^2].EndsValue)
        {
            _tokens[^1] = new(TokenKind.Operator, new(_tokens[^1].Span.Start, span.End), "not in");
        }
        else
        {
            _tokens.Add(new(TokenKind.Operator, span, keyword));
        }
    }

    private static string? Keyword(string name) => name.Length > 3 ? null : name.ToLowerInvariant() switch
    {
        "and" => "and",
        "or" => "or",
        "not" => "not",
        "in" => "in",
        _ => null,
    };

    // A letter of any script, a digit, '_' or (inside a name) a combining mark; 0 for anything else.
    private int NameLengthAt(int position)
    {
        if (position >= _text.Length || Rune.DecodeFromUtf16(_text.AsSpan(position), out var rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            return 0;
        }

        return rune.Value == '_' || Rune.IsLetterOrDigit(rune) || (position > _start && Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark && !IsVariationSelector(rune)) ? length : 0;
    }

    private static bool IsVariationSelector(Rune rune) => rune.Value is >= 0xFE00 and <= 0xFE0F;

    // The meant sign is read in its place, so that what follows is checked all the same.
    private void ReadFullWidth(char c, char meant)
    {
        var span = new TextSpan(_position, _position + 1);
        if (meant == ' ')
        {
            _findings.Add(ExpressionDiagnostics.FullWidth, span, "write an ordinary space", null, Phrase.Of("space"));
            _position++;
            return;
        }

        if (meant is '\'' or '"')
        {
            _findings.Add(ExpressionDiagnostics.FullWidth, span, $"write {meant}", null, Phrase.Of($"'{c}'"));
            ReadTypographicText(meant);
            return;
        }

        var sign = meant.ToString();
        if (Operators.ContainsKey($"{sign}{FullWidth.Ascii(Peek(1)) ?? Peek(1)}"))
        {
            sign = $"{sign}{FullWidth.Ascii(Peek(1)) ?? Peek(1)}";
            span = new(_position, _position + 2);
        }

        _findings.Add(ExpressionDiagnostics.FullWidth, span, $"write {sign}", null, Phrase.Of($"'{_text[span.Start..span.End]}'"));
        _position = span.End;
        if (!IsSign(sign))
        {
            // It means nothing in either width; that it is full-width says enough.
            _isBroken = true;
            return;
        }

        AddSign(sign, span);
    }

    private char Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';
}
