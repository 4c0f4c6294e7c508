using System.Text;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Tests.Expressions.Generated;

/// <summary>
/// Writes trees as people may: other spellings of operators, quotes, white space, and parentheses around everything that has
/// operands, so that it needs to know nothing of precedence.
/// </summary>
internal sealed class LooseSpelling(Random random)
{
    private readonly StringBuilder _text = new();

    public string Write(Node node)
    {
        _text.Clear();
        Visit(node);
        return _text.ToString();
    }

    private void Visit(Node node)
    {
        switch (node)
        {
            case Node.Literal { Written.Length: > 0 } number:
                _text.Append(number.Written);
                break;
            case Node.Literal { Value.Kind: ValueKind.Text } text:
                var quote = random.Next(2) == 0 ? '\'' : '"';
                _text.Append(quote).Append(text.Value.Text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)).Append(quote);
                break;
            case Node.Literal literal:
                _text.Append(literal.Value.IsTrue ? One("true", "True", "TRUE") : One("false", "FALSE"));
                break;
            case Node.Pattern pattern:
                _text.Append('/').Append(pattern.Text).Append(pattern.IgnoresCase ? "/i" : "/");
                break;
            case Node.Variable variable:
                _text.Append(variable.Name);
                break;
            case Node.Member member:
                Visit(member.Target);
                _text.Append('.').Append(member.Name);
                break;
            case Node.Index index:
                Visit(index.Target);
                Bracket("[", [index.Position], "]");
                break;
            case Node.Call call:
                _text.Append(call.Name);
                Bracket("(", call.Arguments, ")");
                break;
            case Node.List list:
                Bracket("(", list.Entries, ")");
                break;
            case Node.Unary unary:
                _text.Append(unary.IsNot ? One("not ", "NOT ", "!", "! ") : One("-", "- "));
                Operand(unary.Operand);
                break;
            case Node.Binary binary:
                Operand(binary.Left);
                _text.Append(One(" ", "  ", "\n")).Append(Spell(binary.Operator)).Append(One(" ", "\t"));
                Operand(binary.Right);
                break;
            case Node.Conditional conditional:
                Operand(conditional.Condition);
                _text.Append(One("?", " ? "));
                Operand(conditional.Then);
                _text.Append(One(":", " : "));
                Operand(conditional.Otherwise);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Operand(Node node)
    {
        if (node is Node.Unary or Node.Binary or Node.Conditional)
        {
            Bracket("(", [node], ")");
        }
        else
        {
            Visit(node);
        }
    }

    private void Bracket(string opening, IReadOnlyList<Node> nodes, string closing)
    {
        _text.Append(opening).Append(One("", " "));
        for (var i = 0; i < nodes.Count; i++)
        {
            _text.Append(i == 0 ? "" : One(",", ", ", " ,\n"));
            Visit(nodes[i]);
        }

        _text.Append(One("", " ")).Append(closing);
    }

    private string Spell(string sign) => sign switch
    {
        "and" => One("and", "AND", "&&"),
        "or" => One("or", "Or", "||"),
        "==" => One("==", "="),
        "!=" => One("!=", "<>"),
        "in" => One("in", "IN"),
        "not in" => One("not in", "NOT  IN"),
        _ => sign,
    };

    private string One(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
