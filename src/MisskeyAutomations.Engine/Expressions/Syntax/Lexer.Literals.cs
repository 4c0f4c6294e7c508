using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

internal sealed partial class Lexer
{
    // A backslash is itself; the quote is written twice. So '\d' needs no thought, and 'it''s' reads as in SQL and YAML.
    private void ReadText(char quote)
    {
        var start = _position;
        var end = start + 1;
        while (true)
        {
            end = _text.IndexOf(quote, end);
            if (end < 0)
            {
                _isBroken = true;
                _findings.Add(ExpressionDiagnostics.UnclosedText, new(start, start + 1), QuoteHint(quote), null, quote);
                AddText(start, _text.Length, _text[(start + 1)..]);
                return;
            }

            if (end + 1 >= _text.Length || _text[end + 1] != quote)
            {
                break;
            }

            end += 2;
        }

        var content = _text[(start + 1)..end];
        AddText(start, end + 1, content.Contains(quote, StringComparison.Ordinal) ? content.Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal) : content);
    }

    private static Phrase QuoteHint(char quote) => quote == '\''
        ? "a quote inside '…' is written twice: 'it''s', or use \"…\""
        : "a quote inside \"…\" is written twice, or use '…'";

    private void ReadTypographicText(char meant)
    {
        var start = _position;
        var end = start + 1;
        while (end < _text.Length && _text[end] != meant && FullWidth.Ascii(_text[end]) != meant)
        {
            end++;
        }

        AddText(start, Math.Min(end + 1, _text.Length), _text[(start + 1)..end]);
    }

    private void AddText(int start, int end, string content)
    {
        _position = end;
        _tokens.Add(new(TokenKind.Text, new(start, end), content));
    }

    private void ReadNumber()
    {
        var start = _position;
        while (NameLengthAt(_position) is > 0 and var length || (Current == '.' && char.IsAsciiDigit(Peek(1)) && (length = 1) == 1))
        {
            _position += length;
        }

        var span = new TextSpan(start, _position);
        var word = _text[start.._position];
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
        {
            _tokens.Add(new(TokenKind.Number, span, word, number));
        }
        else if (Durations.Parse(word) is { } seconds)
        {
            _tokens.Add(new(TokenKind.Duration, span, word, seconds));
        }
        else
        {
            _findings.Add(ExpressionDiagnostics.UnknownUnit, span, UnitHint(word), null, word);
            _tokens.Add(new(TokenKind.Number, span, word));
        }
    }

    private static Phrase UnitHint(string word)
    {
        var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || digits > 6)
        {
            return "numbers are written 12 or 1.5; durations 30s, 5m, 2h, 7d or 1h30m";
        }

        var count = int.Parse(word.AsSpan(0, digits), CultureInfo.InvariantCulture);
        return word[digits..].ToLowerInvariant() switch
        {
            "sec" or "secs" or "second" or "seconds" => Phrase.Of($"write {count}s"),
            "min" or "mins" or "minute" or "minutes" => Phrase.Of($"write {count}m"),
            "hr" or "hrs" or "hour" or "hours" => Phrase.Of($"write {count}h"),
            "day" or "days" => Phrase.Of($"write {count}d"),
            "w" or "week" or "weeks" => Phrase.Of($"write {7 * count}d"),
            "ms" => "the smallest unit is s",
            _ => "the units are s, m, h and d: 30s, 5m, 2h, 7d, 1h30m",
        };
    }

    private void ReadRegex()
    {
        var start = _position;
        var end = RegexEnd(start + 1);
        if (end < 0)
        {
            _isBroken = true;
            _findings.Add(ExpressionDiagnostics.UnclosedRegex, new(start, start + 1), @"a '/' inside is written \/");
            _position = _text.Length;
            _tokens.Add(new(TokenKind.Regex, new(start, _position), ""));
            return;
        }

        _position = end + 1;
        double ignoresCase = 0;
        while (char.IsAsciiLetter(Current))
        {
            if (Current == 'i')
            {
                ignoresCase = 1;
            }
            else
            {
                _findings.Add(ExpressionDiagnostics.RegexFlag, new(_position, _position + 1), FlagHint(Current), null, Current);
            }

            _position++;
        }

        _tokens.Add(new(TokenKind.Regex, new(start, _position), _text[(start + 1)..end], ignoresCase));
    }

    // A slash that is escaped or stands in a class does not end the pattern; a line end does, because it was forgotten.
    private int RegexEnd(int position)
    {
        var inClass = false;
        for (var i = position; i < _text.Length && _text[i] != '\n'; i++)
        {
            switch (_text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '/' when !inClass:
                    return i;
                default:
                    break;
            }
        }

        return -1;
    }

    private static Phrase FlagHint(char flag) => flag switch
    {
        'g' => "every match counts already",
        'm' => "write (?m) at the beginning of the pattern",
        's' => "write (?s) at the beginning of the pattern",
        _ => "leave it out",
    };
}
