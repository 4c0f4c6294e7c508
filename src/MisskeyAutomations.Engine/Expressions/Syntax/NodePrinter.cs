using System.Diagnostics;
using System.Text;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>
/// Writes nodes in the canonical spelling: <c>and or not</c>, <c>==</c>, one space around operators, no parentheses that change
/// nothing. Reading what it writes gives the same tree.
/// </summary>
internal static class NodePrinter
{
    /// <summary>How tightly the parts of the grammar bind; a part that binds looser than its place wants stands in parentheses.</summary>
    private enum Binding
    {
        Conditional,
        Or,
        And,
        Not,
        Equality,
        Ordering,
        Membership,
        Sum,
        Product,
        Sign,
        Operand,
    }

    /// <summary>The text of a node.</summary>
    public static string Print(Node node)
    {
        var text = new StringBuilder();
        Write(text, node, Binding.Conditional);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Node node, Binding wanted)
    {
        // `not` in a place that binds tighter than it is written `!`, which binds tightest.
        if (node is Node.Unary { IsNot: true } negation && wanted is > Binding.Not and <= Binding.Sign)
        {
            text.Append('!');
            Write(text, negation.Operand, Binding.Sign);
            return;
        }

        var needsParentheses = BindingOf(node) < wanted;
        text.Append(needsParentheses ? "(" : "");
        WriteBare(text, node);
        text.Append(needsParentheses ? ")" : "");
    }

    private static void WriteBare(StringBuilder text, Node node)
    {
        switch (node)
        {
            case Node.Literal literal:
                text.Append(Spell(literal));
                break;
            case Node.Pattern pattern:
                text.Append('/').Append(pattern.Text).Append(pattern.IgnoresCase ? "/i" : "/");
                break;
            case Node.Variable variable:
                text.Append(variable.Name);
                break;
            case Node.Member member:
                Write(text, member.Target, Binding.Operand);
                text.Append('.').Append(member.Name);
                break;
            case Node.Index index:
                Write(text, index.Target, Binding.Operand);
                text.Append('[');
                Write(text, index.Position, Binding.Conditional);
                text.Append(']');
                break;
            case Node.Call call:
                text.Append(call.Name);
                WriteAll(text, call.Arguments);
                break;
            case Node.List list:
                WriteAll(text, list.Entries);
                break;
            case Node.Unary unary:
                text.Append(unary.IsNot ? "not " : "-");
                Write(text, unary.Operand, BindingOf(unary));
                break;
            case Node.Binary binary:
                // NCalc groups a chain of `or` from the right, all others from the left.
                var binding = BindingOf(binary);
                var isRightToLeft = binary.Operator == "or";
                Write(text, binary.Left, isRightToLeft ? binding + 1 : binding);
                text.Append(' ').Append(binary.Operator).Append(' ');
                Write(text, binary.Right, isRightToLeft ? binding : binding + 1);
                break;
            case Node.Conditional conditional:
                Write(text, conditional.Condition, Binding.Or);
                text.Append(" ? ");
                Write(text, conditional.Then, Binding.Conditional);
                text.Append(" : ");
                Write(text, conditional.Otherwise, Binding.Conditional);
                break;
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private static void WriteAll(StringBuilder text, IReadOnlyList<Node> nodes)
    {
        text.Append('(');
        for (var i = 0; i < nodes.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, nodes[i], Binding.Conditional);
        }

        text.Append(')');
    }

    private static string Spell(Node.Literal literal) => literal.Value.Kind switch
    {
        ValueKind.Text => Quote(literal.Value.Text),
        ValueKind.Null => "null",
        ValueKind.Boolean => literal.Value.IsTrue ? "true" : "false",
        _ => literal.Written,
    };

    private static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        return $"{quote}{text.Replace("'", quote == '"' ? "'" : "''", StringComparison.Ordinal)}{quote}";
    }

    private static Binding BindingOf(Node node) => node switch
    {
        Node.Conditional => Binding.Conditional,
        Node.Unary { IsNot: true } => Binding.Not,
        Node.Unary => Binding.Sign,
        Node.Binary binary => binary.Operator switch
        {
            "or" => Binding.Or,
            "and" => Binding.And,
            "==" or "!=" => Binding.Equality,
            "<" or "<=" or ">" or ">=" => Binding.Ordering,
            "in" or "not in" => Binding.Membership,
            "+" or "-" => Binding.Sum,
            _ => Binding.Product,
        },
        _ => Binding.Operand,
    };
}
