using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

internal sealed partial class Binder
{
    /// <summary>Tells when something that must be a condition is known to be none.</summary>
    public void CheckCondition(Operation operation)
    {
        if (operation.Shape is Shape.BooleanShape or Shape.AnyShape)
        {
            return;
        }

        var written = findings.TextOf(operation.Span);
        Phrase hint = operation switch
        {
            Constant => Phrase.Of("compare it with something"),
            { Shape: Shape.TextShape or Shape.ListShape or Shape.ObjectShape } => Phrase.Of($"write has({written})"),
            _ => Phrase.Of($"compare it: {written} > 0"),
        };
        findings.Add(ExpressionDiagnostics.NotACondition, operation.Span, hint, null, ShapeWords.Of(operation.Shape));
    }

    private Operation BindUnary(Node.Unary unary)
    {
        var operand = Bind(unary.Operand);
        if (unary.IsNot)
        {
            CheckCondition(operand);
            return new Negation(unary.Span, operand);
        }

        CheckOperand("-", operand, Shape.Number, Phrase.Of("a number"));
        return operand is Constant { Value.Kind: ValueKind.Number } constant
            ? new Constant(unary.Span, Shape.Number, Value.Of(-constant.Value.Number).With(constant.Value.Marks))
            : new Negative(unary.Span, operand);
    }

    private Choice BindConditional(Node.Conditional conditional)
    {
        var condition = Bind(conditional.Condition);
        CheckCondition(condition);
        var then = Bind(conditional.Then);
        var otherwise = Bind(conditional.Otherwise);
        return new(conditional.Span, Functions.ChoiceFunctions.Common(then, otherwise), condition, then, otherwise);
    }

    private Operation BindBinary(Node.Binary binary) => binary.Operator switch
    {
        "and" or "or" => BindJunction(binary),
        "==" or "!=" => BindEquality(binary),
        "<" or "<=" or ">" or ">=" => BindOrdering(binary),
        "in" or "not in" => BindMembership(binary),
        _ => BindArithmetic(binary),
    };

    private Junction BindJunction(Node.Binary binary)
    {
        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        CheckCondition(left);
        CheckAlternative(binary, left, right);
        return new(binary.Span, binary.Operator == "and", left, right);
    }

    // `x == 'a' or 'b'` is what people say; the second half is a text.
    private void CheckAlternative(Node.Binary binary, Operation left, Operation right)
    {
        if (right is Constant { Shape: Shape.TextShape or Shape.NumberShape } && binary is { Operator: "or", Left: Node.Binary { Operator: "==" } equality })
        {
            Phrase hint = $"write {findings.TextOf(equality.Left.Span)} in ({findings.TextOf(equality.Right.Span)}, {findings.TextOf(right.Span)})";
            findings.Add(ExpressionDiagnostics.NotACondition, right.Span, hint, null, ShapeWords.Of(right.Shape));
            return;
        }

        CheckCondition(right);
    }

    private Equality BindEquality(Node.Binary binary)
    {
        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        CheckComparable(binary, left, right);
        return new(binary.Span, binary.Operator == "==", left, right);
    }

    private Ordering BindOrdering(Node.Binary binary)
    {
        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        if (binary.Left is Node.Binary { Operator: "<" or "<=" or ">" or ">=" } chain)
        {
            var middle = findings.TextOf(chain.Right.Span);
            Phrase hint = $"write {findings.TextOf(chain.Span)} and {middle} {binary.Operator} {findings.TextOf(right.Span)}";
            findings.Add(ExpressionDiagnostics.Incomparable, binary.Span, hint, null, Phrase.Of("true or false"), ShapeWords.Of(right.Shape));
        }
        else if (left.Shape is Shape.NumberShape or Shape.TextShape or Shape.AnyShape)
        {
            CheckComparable(binary, left, right);
        }
        else
        {
            CheckOperand(binary.Operator, left, Shape.Number, "a number or a text");
        }

        return new(binary.Span, binary.Operator, left, right);
    }

    private void CheckComparable(Node.Binary binary, Operation left, Operation right)
    {
        if (ShapeWords.AreComparable(left.Shape, right.Shape))
        {
            return;
        }

        findings.Add(ExpressionDiagnostics.Incomparable, binary.Span, ComparisonHint(binary, left, right), null, ShapeWords.Of(left.Shape), ShapeWords.Of(right.Shape));
    }

    private Phrase? ComparisonHint(Node.Binary binary, Operation left, Operation right)
    {
        var (leftText, rightText) = (findings.TextOf(left.Span), findings.TextOf(right.Span));
        return (left.Shape, right.Shape) switch
        {
            (Shape.NumberShape, Shape.TextShape) when right is Constant { Value: var text } && Durations.Parse(text.Text) is not null => Phrase.Of($"a duration stands without quotes: {text.Text}"),
            (Shape.NumberShape, Shape.TextShape) when right is Constant { Value: var text } && double.TryParse(text.Text, CultureInfo.InvariantCulture, out _) => Phrase.Of($"a number stands without quotes: {text.Text}"),
            (Shape.NumberShape, Shape.TextShape) => Phrase.Of($"write number({rightText})"),
            (Shape.TextShape, Shape.NumberShape) when IsTime(left) => Phrase.Of($"write age({leftText}) {Mirror(binary.Operator)} {rightText}"),
            (Shape.TextShape, Shape.NumberShape) => Phrase.Of($"write number({leftText}), or length({leftText})"),
            (Shape.ListShape, Shape.TextShape) => Phrase.Of($"write {rightText} in {leftText}"),
            (Shape.TextShape, Shape.ListShape) => Phrase.Of($"write {leftText} in {rightText}"),
            (Shape.ListShape, Shape.NumberShape) => Phrase.Of($"write count({leftText})"),
            (Shape.BooleanShape, Shape.TextShape) when right is Constant { Value.Text: "true" or "false" } constant => Phrase.Of($"write {constant.Value.Text} without quotes"),
            (Shape.ObjectShape entity, Shape.TextShape) when entity.Properties.ContainsKey("username") => Phrase.Of($"write {leftText}.username"),
            (Shape.ObjectShape { IsEntity: true }, Shape.ObjectShape { IsEntity: true }) => Phrase.Of($"write {leftText}.id == {rightText}.id"),
            _ => null,
        };
    }

    private static bool IsTime(Operation operation) => operation is Member { Name: "createdAt" };

    private static string Mirror(string sign) => sign is "==" or "!=" ? ">" : sign;

    private Membership BindMembership(Node.Binary binary)
    {
        var (entry, list) = (Bind(binary.Left), Bind(binary.Right));
        if (list.Shape is not (Shape.ListShape or Shape.AnyShape))
        {
            var not = binary.Operator == "not in" ? "not " : "";
            var hint = list.Shape is Shape.TextShape ? Phrase.Of($"write {not}contains({findings.TextOf(list.Span)}, {findings.TextOf(entry.Span)})") : null;
            findings.Add(ExpressionDiagnostics.InNeedsList, list.Span, hint, null, Phrase.Of($"'{findings.TextOf(list.Span)}'"), ShapeWords.Of(list.Shape));
        }
        else if (list.Shape is Shape.ListShape { Element: var element } && element is not Shape.ListShape && !ShapeWords.AreComparable(entry.Shape, element))
        {
            findings.Add(ExpressionDiagnostics.Incomparable, binary.Span, null, null, ShapeWords.Of(entry.Shape), ShapeWords.Of(element));
        }

        return new(binary.Span, binary.Operator == "in", entry, list);
    }

    private Operation BindArithmetic(Node.Binary binary)
    {
        if (binary.Operator == "-" && IsHyphen(binary))
        {
            return Unknown(binary.Span);
        }

        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        var joins = binary.Operator == "+" && (left.Shape is Shape.TextShape || right.Shape is Shape.TextShape);
        if (!joins)
        {
            CheckOperand(binary.Operator, left, Shape.Number, binary.Operator == "+" ? "numbers or texts" : "numbers");
            CheckOperand(binary.Operator, right, Shape.Number, binary.Operator == "+" ? "numbers or texts" : "numbers");
        }

        var shape = joins ? Shape.Text : binary.Operator == "+" && (left.Shape is Shape.AnyShape || right.Shape is Shape.AnyShape) ? Shape.Any : Shape.Number;
        return new Arithmetic(binary.Span, shape, binary.Operator[0], left, right);
    }

    // lists.ng-words is a subtraction of the unknown variable `words`: the author meant one name.
    private bool IsHyphen(Node.Binary binary)
    {
        var start = binary.Left is Node.Binary { Operator: "-" } inner ? inner.Right : binary.Left;
        if (binary.Right is not Node.Variable right || context.Variables.ContainsKey(right.Name) || right.Span.Start != binary.Left.Span.End + 1
            || start is not (Node.Variable or Node.Member))
        {
            return false;
        }

        var path = findings.TextOf(start.Span);
        var name = $"{path}-{right.Name}";
        var candidate = start is Node.Member { Target: Node.Variable { Name: "lists" } } member
            ? NearestName.Find($"{member.Name}-{right.Name}", context.Lists) is { } near ? $"lists.{near}" : $"{path}_{right.Name}"
            : name.Replace('-', '_');
        findings.Add(ExpressionDiagnostics.Hyphen, binary.Span, $"write {candidate}", null, name);
        return true;
    }

    private void CheckOperand(string sign, Operation operand, Shape needed, Phrase words)
    {
        if (operand.Shape is not Shape.AnyShape && operand.Shape != needed)
        {
            findings.Add(ExpressionDiagnostics.OperandType, operand.Span, null, null, sign, words, ShapeWords.Of(operand.Shape));
        }
    }
}
