using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>
/// Makes nodes of words and signs. It reads what NCalc's grammar does not know (paths, calls, lists, <c>not in</c>, a <c>not</c>
/// that binds looser than comparisons), checks that values and operators alternate, and leaves precedence to
/// <see cref="OperatorGrammar"/>. Everything between brackets is one operand and is read by itself.
/// </summary>
internal sealed partial class NodeReader
{
    private readonly Findings _findings;
    private readonly IReadOnlyList<Token> _tokens;
    private int _index;
    private int _depth;
    private bool _failed;

    private NodeReader(Findings findings, IReadOnlyList<Token> tokens)
    {
        (_findings, _tokens) = (findings, tokens);
    }

    private Token Current => _tokens[_index];

    /// <summary>The node of a whole expression; null when it is not well formed, the reason being among the findings.</summary>
    public static Node? Read(Findings findings, IReadOnlyList<Token> tokens)
    {
        if (tokens.Count == 1)
        {
            findings.Add(ExpressionDiagnostics.Empty, tokens[0].Span, "write true, or leave the key out");
            return null;
        }

        var reader = new NodeReader(findings, tokens);
        var node = reader.ReadExpression();
        reader.ExpectEnd();
        return reader._failed ? null : node;
    }

    // What follows the first fault cannot be understood any more: the reader stands at the end from then on.
    private Node.Literal Fault(DiagnosticDescriptor descriptor, TextSpan span, Phrase? hint, params object[] arguments)
    {
        if (!_failed)
        {
            _findings.Add(descriptor, span, hint, null, arguments);
            _failed = true;
            _index = _tokens.Count - 1;
        }

        return new Node.Literal(span, Value.Null);
    }

    // One run of operands and operators up to a closing bracket, a comma or the end.
    private Node ReadExpression()
    {
        var run = new OperatorRun();
        var start = Current.Span;
        ReadConditional(run);
        if (_failed || (run.Operands.Count == 1 && run.Text.Equals("a0")))
        {
            return run.Operands[0];
        }

        return OperatorGrammar.Parse(run.Text.ToString(), run.Operands, run.Prefixes)
            ?? Fault(ExpressionDiagnostics.NotUnderstood, new(start.Start, _tokens[_index - 1].Span.End), "use parentheses");
    }

    private void ReadConditional(OperatorRun run)
    {
        var start = run.Text.Length;
        ReadChain(run);
        if (Current.Is("?"))
        {
            var question = Current;
            run.Text.Insert(start, '(').Append(")?(");
            Advance();
            Enter();
            ReadConditional(run);
            if (!Current.Is(":"))
            {
                Fault(ExpressionDiagnostics.Conditional, question.Span, "write c ? a : b, or if(c, a, b)", "?", ":");
            }

            run.Text.Append("):(");
            Advance();
            ReadConditional(run);
            run.Text.Append(')');
            _depth--;
        }
    }

    // Operands joined by operators of any precedence.
    private void ReadChain(OperatorRun run)
    {
        ReadOperand(run);
        while (Current.Kind == TokenKind.Operator && !IsPrefix(Current) && !Current.Is("?") && !Current.Is(":"))
        {
            run.Text.Append(' ').Append(OperatorGrammar.Spell(Current.Text)).Append(' ');
            Advance();
            ReadOperand(run);
        }

        if (Current.EndsOperand || Current.Is("?") || Current.Is(":"))
        {
            return;
        }

        MissingOperator();
    }

    private static bool IsPrefix(Token token) => token.Is("not") || token.Is("!");

    private void ReadOperand(OperatorRun run)
    {
        if (Current.Is("not"))
        {
            ReadNot(run);
        }
        else if (Current.Is("!") || Current.Is("-"))
        {
            var prefix = Current;
            Advance();
            Enter();
            run.Prefixes[Current.Span.Start] = prefix.Span.Start;
            run.Text.Append(prefix.Text).Append('(');
            ReadOperand(run);
            run.Text.Append(')');
            _depth--;
        }
        else
        {
            run.Add(ReadPostfix());
        }
    }

    // The word binds looser than everything but and, or and ?: – so it takes the chain up to there.
    private void ReadNot(OperatorRun run)
    {
        var prefix = Current;
        Advance();
        Enter();
        run.Prefixes[Current.Span.Start] = prefix.Span.Start;
        run.Text.Append("!(");
        ReadOperand(run);
        while (Current.Kind == TokenKind.Operator && !IsPrefix(Current) && Current.Text is not ("and" or "or" or "?" or ":"))
        {
            run.Text.Append(' ').Append(OperatorGrammar.Spell(Current.Text)).Append(' ');
            Advance();
            ReadOperand(run);
        }

        run.Text.Append(')');
        _depth--;
    }

    private void Enter()
    {
        if (++_depth > ExpressionLimits.Depth)
        {
            Fault(ExpressionDiagnostics.TooDeep, Current.Span, "split it into several: when and if take a list", ExpressionLimits.Depth);
        }
    }

    private void Advance()
    {
        if (Current.Kind != TokenKind.End)
        {
            _index++;
        }
    }

    private void ExpectEnd()
    {
        if (Current.Kind == TokenKind.End)
        {
            return;
        }

        _ = Current.Text switch
        {
            ")" or "]" => Fault(ExpressionDiagnostics.Unopened, Current.Span, null, Current.Text),
            ":" => Fault(ExpressionDiagnostics.Conditional, Current.Span, "write c ? a : b, or if(c, a, b)", ":", "?"),
            "," => Fault(ExpressionDiagnostics.UnexpectedCharacter, Current.Span, "a list stands in parentheses: (a, b)", ","),
            _ => MissingOperator(),
        };
    }

    /// <summary>The text that NCalc reads, and what its identifiers stand for.</summary>
    private sealed class OperatorRun
    {
        public StringBuilder Text { get; } = new();

        public List<Node> Operands { get; } = [];

        public Dictionary<int, int> Prefixes { get; } = [];

        public void Add(Node operand)
        {
            Text.Append('a').Append(Operands.Count.ToString(CultureInfo.InvariantCulture));
            Operands.Add(operand);
        }
    }
}
