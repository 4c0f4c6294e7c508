using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

internal sealed partial class NodeReader
{
    private static readonly string[] InfixFunctions = ["contains", "startsWith", "endsWith", "matches", "has"];

    private Node ReadPostfix()
    {
        var node = ReadPrimary();
        while (true)
        {
            if (Current.Is("."))
            {
                node = ReadMember(node);
            }
            else if (Current.Is("["))
            {
                node = ReadIndex(node);
            }
            else
            {
                return node;
            }
        }
    }

    private Node ReadPrimary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Text:
                Advance();
                return new Node.Literal(token.Span, Value.Of(token.Text, ValueMarks.Markup));
            case TokenKind.Number or TokenKind.Duration:
                Advance();
                return new Node.Literal(token.Span, Value.Of(token.Number).With(ValueMarks.Markup)) { Written = token.Text };
            case TokenKind.Regex:
                Advance();
                return new Node.Pattern(token.Span, token.Text, token.Number != 0);
            case TokenKind.Name:
                Advance();
                return Current.Is("(") ? ReadCall(token) : NameOrConstant(token);
            default:
                return token.Is("(") ? ReadGroup() : token.Is("[") ? ReadBracketed() : MissingValue();
        }
    }

    private static Node NameOrConstant(Token token) => token.Text.Length is < 4 or > 5 ? new Node.Variable(token.Span, token.Text)
        : token.Text.ToLowerInvariant() switch
        {
            "true" => new Node.Literal(token.Span, Value.True.With(ValueMarks.Markup)),
            "false" => new Node.Literal(token.Span, Value.False.With(ValueMarks.Markup)),
            "null" => new Node.Literal(token.Span, Value.Null.With(ValueMarks.Markup)),
            _ => new Node.Variable(token.Span, token.Text),
        };

    private Node.Call ReadCall(Token name)
    {
        var arguments = ReadArguments();
        return new(new(name.Span.Start, _tokens[_index - 1].Span.End), name.Text, name.Span, arguments);
    }

    // Parentheses with one value group; with several they are a list, and after `in` always.
    private Node ReadGroup()
    {
        var opening = Current;
        var isList = _index > 0 && _tokens[_index - 1].Text is "in" or "not in" && _tokens[_index - 1].Kind == TokenKind.Operator;
        var entries = ReadArguments();
        var span = new TextSpan(opening.Span.Start, _tokens[_index - 1].Span.End);
        if (isList || entries.Count > 1)
        {
            return new Node.List(span, entries);
        }

        return entries.Count == 1 ? At(entries[0], span)
            : Fault(ExpressionDiagnostics.MissingValue, span, null, Phrase.Of("between the parentheses"));
    }

    private List<Node> ReadArguments()
    {
        var opening = Current;
        Advance();
        Enter();
        var arguments = new List<Node>();
        if (!Current.Is(")"))
        {
            arguments.Add(ReadExpression());
            while (Current.Is(","))
            {
                Advance();
                arguments.Add(ReadExpression());
            }
        }

        Close(opening, ")");
        _depth--;
        return arguments;
    }

    private void Close(Token opening, string closing)
    {
        if (Current.Kind == TokenKind.End)
        {
            Fault(ExpressionDiagnostics.Unclosed, opening.Span, null, opening.Text);
            return;
        }

        if (!Current.Is(closing))
        {
            _ = Current.Is(":")
                ? Fault(ExpressionDiagnostics.Conditional, Current.Span, "write c ? a : b, or if(c, a, b)", ":", "?")
                : Current.EndsOperand ? Fault(ExpressionDiagnostics.Unopened, Current.Span, $"'{opening.Text}' is still open", Current.Text)
                : MissingOperator();
            return;
        }

        Advance();
    }

    // NCalc's way to write a name with dots: [user.isBot].
    private Node ReadBracketed()
    {
        var opening = Current;
        Advance();
        Enter();
        if (Current.Kind != TokenKind.Name)
        {
            return Fault(ExpressionDiagnostics.MissingValue, opening.Span, "a list is written ('a', 'b')", Phrase.Of("before '['"));
        }

        var node = ReadPostfix();
        if (Current.Is(","))
        {
            node = Fault(ExpressionDiagnostics.MissingValue, opening.Span, "a list is written (a, b)", Phrase.Of("before '['"));
        }

        Close(opening, "]");
        _depth--;
        return At(node, new(opening.Span.Start, _tokens[_index - 1].Span.End));
    }

    private static Node At(Node node, TextSpan span) => node with { Span = span };

    private Node ReadMember(Node target)
    {
        var dot = Current;
        Advance();
        if (Current.Kind != TokenKind.Name)
        {
            Phrase? hint = Current.Kind is TokenKind.Number ? Phrase.Of($"write {_findings.TextOf(target.Span)}[{Current.Text}]") : null;
            return Fault(ExpressionDiagnostics.MissingName, dot.Span, hint);
        }

        var name = Current;
        Advance();
        if (Current.Is("("))
        {
            return Fault(ExpressionDiagnostics.UnknownFunction, name.Span, MethodHint(target, name.Text), name.Text);
        }

        return new Node.Member(new(target.Span.Start, name.Span.End), target, name.Text, name.Span);
    }

    private Phrase MethodHint(Node target, string name)
    {
        var function = name switch
        {
            "includes" or "indexOf" or "Contains" => "contains",
            "startswith" or "StartsWith" => "startsWith",
            "endswith" or "EndsWith" => "endsWith",
            "match" or "test" => "matches",
            "toLowerCase" or "ToLower" => "lower",
            "toUpperCase" or "ToUpper" => "upper",
            "strip" or "Trim" => "trim",
            "some" => "any",
            "every" => "all",
            "size" => "length",
            _ => name,
        };
        return $"functions stand in front: {function}({_findings.TextOf(target.Span)}, …)";
    }

    private Node.Index ReadIndex(Node target)
    {
        var opening = Current;
        Advance();
        Enter();
        var position = ReadExpression();
        Close(opening, "]");
        _depth--;
        return new(new(target.Span.Start, _tokens[_index - 1].Span.End), target, position);
    }

    private Node.Literal MissingValue()
    {
        var token = Current;
        var before = _index > 0 ? _tokens[_index - 1] : (Token?)null;
        if (token.Kind == TokenKind.End)
        {
            return Fault(ExpressionDiagnostics.MissingValue, before!.Value.Span, null, Phrase.Of($"after '{_findings.TextOf(before.Value.Span)}'"));
        }

        if (token.Is(")") && before is not { Kind: TokenKind.Operator } && before?.Is(",") != true)
        {
            return Fault(ExpressionDiagnostics.Unopened, token.Span, null, token.Text);
        }

        var hint = token.Is("+") ? "leave the '+' out" : token.Is("==") && before?.Is("!") == true ? "write !=" : null;
        return Fault(ExpressionDiagnostics.MissingValue, token.Span, hint, Phrase.Of($"before '{_findings.TextOf(token.Span)}'"));
    }

    // Two values side by side: often a function that other languages write between its arguments.
    private Node.Literal MissingOperator()
    {
        var token = Current;
        if (token.Kind == TokenKind.Name && InfixFunctions.FirstOrDefault(name => string.Equals(name, token.Text, StringComparison.OrdinalIgnoreCase)) is { } function)
        {
            return Fault(ExpressionDiagnostics.UnknownOperator, token.Span, $"write {function}({BeforeCurrent()}, {AfterCurrent()})", token.Text);
        }

        if (token.Kind == TokenKind.Name && token.Text is "is" or "equals" or "eq")
        {
            return Fault(ExpressionDiagnostics.UnknownOperator, token.Span, _tokens[_index + 1].Is("not") ? "write !=" : "write ==", token.Text);
        }

        if (token.Kind == TokenKind.Name && token.Text is "if")
        {
            return Fault(ExpressionDiagnostics.UnknownOperator, token.Span, "write if(condition, a, b)", token.Text);
        }

        if (OtherWords() is { } words)
        {
            return Fault(ExpressionDiagnostics.UnknownOperator, new(token.Span.Start, words.End), words.Hint, _findings.TextOf(new(token.Span.Start, words.End)));
        }

        var isIf = _index == 1 && _tokens[0].Text is "if" or "when";
        Phrase hint = token.Kind is TokenKind.Text && _tokens[_index - 1].Kind is TokenKind.Text ? "a quote inside a text is written twice: 'it''s'"
            : token.Is("not") ? "write and not, or not in"
            : isIf ? "write the condition alone" : "write and, or, or another operator";
        return Fault(ExpressionDiagnostics.MissingOperator, token.Span, hint, Phrase.Of($"'{_findings.TextOf(token.Span)}'"));
    }

    // 'x starts with y', 'x not contains y' and SQL's 'like'.
    private (int End, Phrase Hint)? OtherWords()
    {
        var (word, next) = (Current.Text.ToLowerInvariant(), _tokens[Math.Min(_index + 1, _tokens.Count - 1)]);
        if (Current.Is("not") && InfixFunctions.FirstOrDefault(name => string.Equals(name, next.Text, StringComparison.OrdinalIgnoreCase)) is { } negated)
        {
            return (next.Span.End, $"write not {negated}({BeforeCurrent()}, {After(_index + 1)})");
        }

        return Current.Kind != TokenKind.Name ? null
            : word is "starts" or "ends" && next.Text is "with" ? (next.Span.End, $"write {word}With({BeforeCurrent()}, {After(_index + 1)})")
            : word is "like" ? (Current.Span.End, $"write contains({BeforeCurrent()}, {After(_index)})") : null;
    }

    // The path or call that ends before the current word.
    private string BeforeCurrent()
    {
        var start = _index - 1;
        for (var open = 0; start > 0; start--)
        {
            open += _tokens[start].Is(")") || _tokens[start].Is("]") ? 1 : _tokens[start].Is("(") || _tokens[start].Is("[") ? -1 : 0;
            var isJoined = _tokens[start - 1].Is(".") || _tokens[start].Is(".") || (_tokens[start].Is("(") && _tokens[start - 1].Kind == TokenKind.Name) || _tokens[start].Is("[");
            if (open <= 0 && !isJoined)
            {
                break;
            }
        }

        return _findings.TextOf(new(_tokens[start].Span.Start, _tokens[_index - 1].Span.End));
    }

    private string AfterCurrent() => After(_index);

    // The path that begins behind a word; three dots for what is no simple value.
    private string After(int word)
    {
        var (first, last) = (word + 1, word + 1);
        if (first >= _tokens.Count || _tokens[first].Kind is not (TokenKind.Text or TokenKind.Name or TokenKind.Number))
        {
            return "…";
        }

        while (_tokens[last + 1].Is(".") && _tokens[last + 2].Kind == TokenKind.Name)
        {
            last += 2;
        }

        return _findings.TextOf(new(_tokens[first].Span.Start, _tokens[last].Span.End));
    }
}
