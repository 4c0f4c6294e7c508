using System.Globalization;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Tests.Expressions.Generated;

/// <summary>
/// The rule language as one would write it down in an hour: plain objects, exceptions for errors, no look-ups, no marks. It knows a
/// part of the language (<see cref="Knows"/>) and says nothing about the rest.
/// </summary>
internal static class ReferenceEvaluator
{
    private static readonly Dictionary<string, object?> X = new(StringComparer.Ordinal)
    {
        ["text"] = "5",
        ["number"] = 5.0,
        ["yes"] = true,
        ["list"] = new List<object?> { "a", 1.0, null },
        ["map"] = new Dictionary<string, object?> { ["deep"] = new Dictionary<string, object?> { ["er"] = "deepest" } },
    };

    private static readonly Dictionary<string, List<object?>> Lists = new(StringComparer.Ordinal)
    {
        ["friends"] = ["alice", "bob"],
        ["words"] = ["ping", "ハロー", ""],
        ["numbers"] = [1.0, 2.0, 3.0],
        ["empty"] = [],
    };

    private sealed class NoValueException : Exception;

    /// <summary>Whether it can say what an expression gives.</summary>
    public static bool Knows(Node node) => node switch
    {
        Node.Pattern => false,
        Node.Member member => Knows(member.Target),
        Node.Index index => Knows(index.Target) && Knows(index.Position),
        Node.Call call => call.Name is "has" or "coalesce" or "if" or "any" or "all" or "count" or "lower" or "upper" && call.Arguments.All(Knows),
        Node.List list => list.Entries.All(Knows),
        Node.Unary unary => Knows(unary.Operand),
        Node.Binary binary => Knows(binary.Left) && Knows(binary.Right),
        Node.Conditional conditional => Knows(conditional.Condition) && Knows(conditional.Then) && Knows(conditional.Otherwise),
        _ => true,
    };

    /// <summary>The value in the words of a case file, or <c>error</c>.</summary>
    public static string Evaluate(Node node)
    {
        try
        {
            return Show(Of(node, null));
        }
        catch (NoValueException)
        {
            return "error";
        }
    }

    private static object? Of(Node node, object? it) => node switch
    {
        Node.Literal { Written: { Length: > 0 } written } => NumberOf(written),
        Node.Literal { Value.Kind: ValueKind.Text } text => text.Value.Text,
        Node.Literal literal => literal.Value.Kind == ValueKind.Boolean ? literal.Value.IsTrue : null,
        Node.Variable variable => variable.Name switch { "it" => it, "x" => X, "lists" => Lists, _ => null },
        Node.Member member => Member(Of(member.Target, it), member.Name),
        Node.Index index => Of(index.Target, it) is List<object?> list && Of(index.Position, it) is double at && at < list.Count ? list[(int)at] : null,
        Node.List list => list.Entries.Select(entry => Of(entry, it)).ToList(),
        Node.Unary { IsNot: true } not => !Truth(Of(not.Operand, it)),
        Node.Unary minus => Of(minus.Operand, it) switch { null => null, double number => -number, _ => throw new NoValueException() },
        Node.Conditional choice => Truth(Of(choice.Condition, it)) ? Of(choice.Then, it) : Of(choice.Otherwise, it),
        Node.Binary { Operator: "and" } and => Truth(Of(and.Left, it)) && Truth(Of(and.Right, it)),
        Node.Binary { Operator: "or" } or => Truth(Of(or.Left, it)) || Truth(Of(or.Right, it)),
        Node.Binary binary => Apply(binary.Operator, Of(binary.Left, it), Of(binary.Right, it)),
        Node.Call call => Call(call.Name, call.Arguments, it),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static object? Member(object? target, string name) => target switch
    {
        Dictionary<string, object?> map => map.GetValueOrDefault(name),
        Dictionary<string, List<object?>> lists => lists[name],
        _ => null,
    };

    private static object? Call(string name, IReadOnlyList<Node> arguments, object? it) => name switch
    {
        "has" => Of(arguments[0], it) switch { null or "" => false, List<object?> list => list.Count > 0, _ => true },
        "coalesce" => arguments.Select(argument => Of(argument, it)).FirstOrDefault(value => value is not null),
        "if" => Truth(Of(arguments[0], it)) ? Of(arguments[1], it) : arguments.Count > 2 ? Of(arguments[2], it) : null,
        "count" => (double)ListOf(Of(arguments[0], it)).Count,
        "any" => ListOf(Of(arguments[0], it)).Any(entry => Truth(Of(arguments[1], entry))),
        "all" => ListOf(Of(arguments[0], it)).All(entry => Truth(Of(arguments[1], entry))),
        _ => Of(arguments[0], it) switch
        {
            null => null,
            string text => name == "lower" ? text.ToLowerInvariant() : text.ToUpperInvariant(),
            _ => throw new NoValueException(),
        },
    };

    private static object? Apply(string sign, object? a, object? b) => sign switch
    {
        "in" or "not in" => ListOf(b).Any(entry => Same(entry, a) || (entry is List<object?> inner && inner.Any(one => Same(one, a)))) == (sign == "in"),
        "==" or "!=" => a is not null && b is not null && a.GetType() != b.GetType() ? throw new NoValueException() : Same(a, b) == (sign == "=="),
        "<" => Order(a, b) < 0,
        "<=" => Order(a, b) <= 0,
        ">" => Order(a, b) > 0,
        ">=" => Order(a, b) >= 0,
        "+" when a is string || b is string => Plain(a) + Plain(b),
        _ when a is null || b is null => null,
        _ => a is double x && b is double y ? Compute(sign, x, y) : throw new NoValueException(),
    };

    // Null is neither smaller nor greater than anything.
    private static int? Order(object? a, object? b) => (a, b) switch
    {
        (null, _) or (_, null) => null,
        (double left, double right) => left.CompareTo(right),
        (string left, string right) => string.CompareOrdinal(left, right),
        _ => throw new NoValueException(),
    };

    private static double Compute(string sign, double a, double b)
    {
        var result = sign switch { "+" => a + b, "-" => a - b, "*" => a * b, "/" => a / b, _ => a % b };
        return double.IsFinite(result) ? result : throw new NoValueException();
    }

    private static bool Truth(object? value) => value switch { null => false, bool truth => truth, _ => throw new NoValueException() };

    private static List<object?> ListOf(object? value) => value switch { null => [], List<object?> list => list, _ => throw new NoValueException() };

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (List<object?> left, List<object?> right) => left.Count == right.Count && left.Zip(right).All(pair => Same(pair.First, pair.Second)),
        _ => Equals(a, b),
    };

    private static double NumberOf(string written) => written switch
    {
        "7d" => 7 * 24 * 3600,
        "1h30m" => 5400,
        _ => double.Parse(written, CultureInfo.InvariantCulture),
    };

    private static string Plain(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        List<object?> list => string.Join(", ", list.Select(Plain)),
        _ => (string)value,
    };

    private static string Show(object? value) => value switch { null => "null", string text => $"'{text}'", _ => Plain(value) };
}
