using System.Globalization;
using NCalc;
using NCalc.Domain;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>
/// NCalc's grammar of operators and their precedence. It is given nothing but operators, parentheses and the identifiers
/// <c>a0 a1 …</c> that stand for the operands, so neither its lexer (which drops characters that it does not know) nor the
/// culture can change what was written.
/// </summary>
internal static class OperatorGrammar
{
    /// <summary>How an operator is spelt for NCalc: <c>in</c> and <c>not in</c> take the places of the shifts.</summary>
    public static string Spell(string canonical) => canonical switch
    {
        "in" => "<<",
        "not in" => ">>",
        _ => canonical,
    };

    /// <summary>The tree of an operator text; null when NCalc refuses it.</summary>
    /// <param name="text">Operators and identifiers.</param>
    /// <param name="operands">What the identifiers stand for.</param>
    /// <param name="prefixes">Where the prefix operator stands that belongs to what begins at an offset.</param>
    public static Node? Parse(string text, IReadOnlyList<Node> operands, IReadOnlyDictionary<int, int> prefixes)
    {
        try
        {
            return Read(Expression.Compile(text, nocache: true), operands, prefixes);
        }
        catch (EvaluationException)
        {
            return null;
        }
    }

    private static Node Read(LogicalExpression expression, IReadOnlyList<Node> operands, IReadOnlyDictionary<int, int> prefixes)
    {
        switch (expression)
        {
            case Identifier identifier:
                return operands[int.Parse(identifier.Name.AsSpan(1), CultureInfo.InvariantCulture)];
            case UnaryExpression unary:
                var operand = Read(unary.Expression, operands, prefixes);
                return new Node.Unary(new(prefixes[operand.Span.Start], operand.Span.End), unary.Type == UnaryExpressionType.Not, operand);
            case BinaryExpression binary:
                var left = Read(binary.LeftExpression, operands, prefixes);
                var right = Read(binary.RightExpression, operands, prefixes);
                return new Node.Binary(new(left.Span.Start, right.Span.End), Spelling(binary.Type), left, right);
            case TernaryExpression ternary:
                var condition = Read(ternary.LeftExpression, operands, prefixes);
                var then = Read(ternary.MiddleExpression, operands, prefixes);
                var otherwise = Read(ternary.RightExpression, operands, prefixes);
                return new Node.Conditional(new(condition.Span.Start, otherwise.Span.End), condition, then, otherwise);
            default:
                throw new System.Diagnostics.UnreachableException(expression.GetType().Name);
        }
    }

    private static string Spelling(BinaryExpressionType type) => type switch
    {
        BinaryExpressionType.And => "and",
        BinaryExpressionType.Or => "or",
        BinaryExpressionType.Equal => "==",
        BinaryExpressionType.NotEqual => "!=",
        BinaryExpressionType.Lesser => "<",
        BinaryExpressionType.LesserOrEqual => "<=",
        BinaryExpressionType.Greater => ">",
        BinaryExpressionType.GreaterOrEqual => ">=",
        BinaryExpressionType.Plus => "+",
        BinaryExpressionType.Minus => "-",
        BinaryExpressionType.Times => "*",
        BinaryExpressionType.Div => "/",
        BinaryExpressionType.Modulo => "%",
        BinaryExpressionType.LeftShift => "in",
        BinaryExpressionType.RightShift => "not in",
        _ => throw new System.Diagnostics.UnreachableException(type.ToString()),
    };
}
