using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>
/// Says in plain words what a YAML syntax error is about. The scanner's own sentences tell what it was doing, not what the author
/// did; so the text around the place decides, and the scanner's sentence only where it is distinctive.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="message">The scanner's sentence; empty where it had none.</param>
/// <param name="mark">Where the scanner stood.</param>
/// <param name="last">Where the last value that was read ends.</param>
/// <param name="openBracket">Where the innermost open bracket or brace stands; null when none is open.</param>
internal sealed partial class YamlFault(SourceText source, string message, TextSpan mark, int last, int? openBracket)
{
    private readonly string _text = source.Text;

    public Diagnostic Explain()
    {
        var diagnostic = FullWidthMark.FindNear(source, Math.Min(last, mark.Start), mark.Start)
            ?? TabNear()
            ?? (Says("found invalid mapping") ? ColonInText() : null)
            ?? (Says("end of tag") ? CallBehindTag() : null)
            ?? (Says("cannot start any token") || IsQuestion() ? ReservedStart() : null)
            ?? (Says("block scalar, did not find expected comment") ? TextAfterBlockMark() : null)
            ?? (Says("quoted scalar") ? InQuotes() : null)
            ?? (Says("anchor or alias") ? Alias() : null)
            ?? (Says("Block sequence entries are not allowed") ? ListBehindKey() : null)
            ?? (Says("directive") || Says("incompatible YAML") ? YamlDiagnostics.Directive.At(source, Word(mark.Start)) : null)
            ?? HoleInFlow()
            ?? TextAfterEnd()
            ?? UnclosedBracket()
            ?? (Says("could not find expected ':'") ? NoColon(mark.Start) : null)
            ?? (Says("did not find expected key") || Says("expected '-' indicator") || Says("not allowed in this context") ? Indentation() : null)
            ?? YamlDiagnostics.NotYaml.At(source, Word(mark.Start), Plain(message));
        return diagnostic with { Note = YamlDiagnostics.Hides };
    }

    private bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static Phrase Plain(string message) => message.Length == 0
        ? "this cannot follow what stands before it"
        : message[(message.IndexOf(", ", StringComparison.Ordinal) is var comma and >= 0 ? comma + 2 : 0)..].Trim().TrimEnd('.');

    private Diagnostic? TabNear()
    {
        var start = LineStart(Math.Min(last, mark.Start));
        for (var line = start; line >= 0 && (line <= mark.Start + 1 || Says("tab")); line = NextLine(line))
        {
            var at = line;
            while (at < _text.Length && _text[at] == ' ')
            {
                at++;
            }

            var end = at;
            while (end < _text.Length && _text[end] == '\t')
            {
                end++;
            }

            if (end > at)
            {
                return YamlDiagnostics.Tab.At(source, new(at, end)) with { Hint = "indent with spaces" };
            }
        }

        return null;
    }

    private Diagnostic ColonInText()
    {
        // The scanner points at the colon, or one beyond it where a multi-line scalar ends.
        var colon = _text.LastIndexOf(':', Math.Clamp(mark.Start, 0, Math.Max(_text.Length - 1, 0)));
        colon = colon < 0 ? mark.Start : colon;
        var lineStart = LineStart(colon);
        var before = _text[lineStart..colon];
        if (BareKey().Match(before) is { Success: true } bare && lineStart > 0)
        {
            return ContinuesText(lineStart + bare.Groups["key"].Index, bare.Groups["key"].Value, lineStart);
        }

        var line = Line(lineStart);
        var entry = KeyAndValue().Match(line);
        var (key, value) = (entry.Groups["key"].Value, entry.Groups["value"].Value.TrimEnd());
        if (value is ['｛' or '［', ..])
        {
            return FullWidthMark.AtSign(source, lineStart + entry.Groups["value"].Index);
        }

        return YamlDiagnostics.ColonInText.At(source, new(colon, Math.Min(colon + 1, _text.Length))) with { Hint = HintForColon(key, value) };
    }

    private static Phrase HintForColon(string key, string value)
    {
        if (Emoji().Match(value) is { Success: true } emoji && key is "react" or "unreact")
        {
            return key == "react" ? $"write 'react: {emoji.Groups["name"].Value}'" : Phrase.Of("write 'unreact: note'");
        }

        if (TernaryInHole().Match(value) is { Success: true } hole)
        {
            return $"write ${{if({Excerpt.Of(hole.Groups["a"].Value)}, {Excerpt.Of(hole.Groups["b"].Value)}, {Excerpt.Of(hole.Groups["c"].Value)})}}, or quote the whole";
        }

        if (Ternary().Match(value) is { Success: true } ternary)
        {
            return $"write if({Excerpt.Of(ternary.Groups["a"].Value)}, {Excerpt.Of(ternary.Groups["b"].Value)}, {Excerpt.Of(ternary.Groups["c"].Value)}), or quote the whole";
        }

        return "quote the whole text, or use | and write it on the next line";
    }

    private Diagnostic ContinuesText(int start, string key, int lineStart)
    {
        var owner = lineStart;
        do
        {
            owner = LineStart(owner - 1);
        }
        while (owner > 0 && string.IsNullOrWhiteSpace(Line(owner)));

        var line = Line(owner);
        if (KeyAndValue().Match(line) is { Success: true } entry)
        {
            var above = entry.Groups["key"].Value;
            return YamlDiagnostics.ContinuesText.At(source, new(start, start + key.Length), Excerpt.Of(key), Excerpt.Of(above)) with
            {
                Hint = $"align it with '{Excerpt.Of(above)}', or quote the text",
            };
        }

        return NoColon(owner);
    }

    private Diagnostic NoColon(int at)
    {
        var lineStart = LineStart(at);
        var line = Line(lineStart);
        if (FullWidthMark.FindAfterName(source, new(lineStart, lineStart + line.Length)) is { } mark)
        {
            return mark;
        }

        var glued = GluedColon().Match(line);
        var indent = line.Length - line.TrimStart(' ', '-').Length;
        return YamlDiagnostics.NoColon.At(source, new(lineStart + indent, lineStart + Math.Max(line.TrimEnd().Length, indent))) with
        {
            Hint = glued.Success
                ? Phrase.Of($"write '{Excerpt.Of(glued.Groups["key"].Value)}: {Excerpt.Of(glued.Groups["value"].Value)}' with a space")
                : Phrase.Of("this line has no ':'; text that goes on is indented deeper than its key"),
        };
    }

    private Diagnostic? ReservedStart()
    {
        var character = mark.Start < _text.Length ? _text[mark.Start] : '\0';
        if (character == '@' && Line(LineStart(mark.Start)).Contains("cron:", StringComparison.Ordinal))
        {
            return YamlDiagnostics.ReservedStart.At(source, new(mark.Start, mark.Start + 1), character) with { Hint = YamlReader.QuoteCron(source, mark.Start) };
        }

        if (character == '\t')
        {
            return YamlDiagnostics.Tab.At(source, new(mark.Start, mark.Start + 1)) with { Hint = "indent with spaces" };
        }

        return YamlDiagnostics.ReservedStart.At(source, new(mark.Start, Math.Min(mark.Start + 1, _text.Length)), character) with
        {
            Hint = "quote the whole text, or use | and write it on the next line",
        };
    }

    private Diagnostic TextAfterBlockMark()
    {
        var lineEnd = LineEnd(mark.Start);
        var sign = _text[mark.Start..lineEnd].Trim();
        var isComparison = sign.Length > 1 && sign[0] == '>';
        return YamlDiagnostics.TextAfterBlockMark.At(source, new(mark.Start, mark.Start + Math.Max(sign.Length, 1)), sign[..Math.Min(1, sign.Length)]) with
        {
            Hint = isComparison ? "quote the whole text, or use | and write it on the next line" : "move the text to the next line, indented",
        };
    }

    private Diagnostic InQuotes()
    {
        var quote = mark.Start < _text.Length ? _text[mark.Start] : '"';
        if (Says("unknown escape") || Says("hexadecimal") || Says("Unicode"))
        {
            var escape = BadEscape(mark.Start);
            return YamlDiagnostics.UnknownEscape.At(source, escape, Excerpt.Of(_text[escape.Start..escape.End])) with
            {
                Hint = "use single quotes, where a backslash is itself, or |",
            };
        }

        return YamlDiagnostics.Unclosed.At(source, new(mark.Start, Math.Min(mark.Start + 1, _text.Length)), Phrase.Of(quote == '\'' ? "single quote" : "double quote")) with
        {
            Hint = quote == '\'' ? "close it; a ' inside is written ''" : "close it; a \" inside is written \\\"",
        };
    }

    private Diagnostic Alias()
    {
        var start = Math.Min(mark.Start, _text.Length);
        while (start > 0 && _text[start - 1] is not (' ' or '\n'))
        {
            start--;
        }

        var star = _text.AsSpan(start).IndexOfAny('*', '&');
        star = star < 0 || start + star > LineEnd(start) ? start : start + star;
        var word = Word(star);
        var text = _text[word.Start..word.End];
        if (text.StartsWith('&'))
        {
            return YamlDiagnostics.Anchor.At(source, word, Excerpt.Of(text)) with { Hint = "quote the text" };
        }

        return YamlDiagnostics.Alias.At(source, word, Excerpt.Of(text)) with
        {
            Hint = text.StartsWith("*/", StringComparison.Ordinal) || Line(LineStart(star)).Contains("cron", StringComparison.Ordinal)
                ? YamlReader.QuoteCron(source, star)
                : "quote the whole text, or use | and write it on the next line",
        };
    }

    private Diagnostic ListBehindKey() => YamlDiagnostics.ListBehindKey.At(source, new(mark.Start, Math.Min(mark.Start + 1, _text.Length))) with
    {
        Hint = "begin it on the next line; quote the value if it is text",
    };

    private Diagnostic? TextAfterEnd()
    {
        var end = mark.Start;
        while (end > 0 && _text[end - 1] is ' ' or '\t')
        {
            end--;
        }

        var isOnItsOwnLine = end == 0 || _text[end - 1] == '\n';
        if (isOnItsOwnLine || mark.Start >= _text.Length || !(Says("did not find expected key") || Says("'-' indicator") || Says("document start") || Says("alias") || Says("',' or ']'")))
        {
            return null;
        }

        var closing = _text[end - 1];
        if (closing is not ('\'' or '"' or ']' or '}'))
        {
            return null;
        }

        var rest = new TextSpan(mark.Start, Math.Max(LineEnd(mark.Start), mark.Start));
        var line = Line(LineStart(mark.Start));
        var entry = KeyAndValue().Match(line);
        var value = entry.Groups["value"].Value.TrimEnd();
        if (value.StartsWith("{{", StringComparison.Ordinal))
        {
            return YamlReader.DoubleBraces(source, LineStart(mark.Start) + entry.Groups["value"].Index);
        }

        return YamlDiagnostics.TextAfterEnd.At(source, rest, Phrase.Of(closing switch { ']' => "bracket", '}' => "brace", _ => "quote" })) with
        {
            Hint = closing == '\'' && end == mark.Start && char.IsLetterOrDigit(_text[mark.Start])
                ? "inside single quotes ' is written ''"
                : HintForRest(entry.Groups["key"].Value, value, closing),
        };
    }

    private Phrase HintForRest(string key, string value, char closing)
    {
        if (openBracket is { } bracket && bracket < mark.Start && FlowComma.CutsCall(_text.AsSpan(bracket, mark.Start - bracket)))
        {
            return FlowComma.Hint;
        }

        if (QuotedInPath().Match(value) is { Success: true } search)
        {
            return $"write contains({search.Groups["path"].Value}, {search.Groups["needle"].Value})";
        }

        return YamlReader.TakesExpression(key) && closing is '\'' or '"'
            ? "an expression that begins with a quote is put under |, or in quotes as a whole"
            : "quote the whole text, or use | and write it on the next line";
    }

    private Diagnostic Indentation()
    {
        var line = LineStart(mark.Start);
        if (FullWidthMark.FindAfterName(source, new(line, LineEnd(mark.Start))) is { } wide)
        {
            return wide;
        }

        var word = Word(mark.Start);
        return YamlDiagnostics.Indentation.At(source, word) with { Hint = "align it with the keys or dashes that it belongs to" };
    }
}
