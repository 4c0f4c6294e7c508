using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Tests.Expressions.Generated;

/// <summary>
/// Trees of expressions, most of them of fitting types, over the variables of <see cref="SomeScope"/>. `x` is of unknown shape, so
/// what does not fit is found while evaluating.
/// </summary>
internal sealed class ExpressionGenerator(Random random)
{
    private static readonly TextSpan Nowhere = new(0, 0);
    private static readonly string[] Words = ["a", "ping", "ＰＩＮＧ", "カタカナ", "it's", "\"", "", " ", "5", "İI", "ß", "👍🏽", "x\ny", "1h30m", "2026-01-31T08:00:00Z"];
    private static readonly string[] Numbers = ["0", "1", "2.5", "5", "1e3", "100", "7d", "1h30m", "0.1", "9007199254740993"];
    private static readonly string[] Patterns = [@"^a", @"\d+", @"(p)(i)", @"[/']", @"\/", @"カ."];

    /// <summary>An expression of any type.</summary>
    public Node Any(int depth) => random.Next(6) switch
    {
        0 => Number(depth),
        1 => Text(depth),
        2 => ListOf(depth),
        3 => Path(),
        _ => Condition(depth),
    };

    /// <summary>An expression that is true or false.</summary>
    public Node Condition(int depth) => depth <= 0 ? Leaf("yes", Literal(Value.Of(random.Next(2) == 0))) : random.Next(14) switch
    {
        0 or 1 => Binary(One("and", "or"), Condition(depth - 1), Condition(depth - 1)),
        2 or 3 => new Node.Unary(Nowhere, IsNot: true, Condition(depth - 1)),
        4 => Binary(One("==", "!="), Number(depth - 1), Number(depth - 1)),
        5 => Binary(One("==", "!="), Text(depth - 1), Text(depth - 1)),
        6 => Binary(One("==", "!="), Condition(depth - 1), Condition(depth - 1)),
        7 => Binary(One("<", "<=", ">", ">="), Number(depth - 1), Number(depth - 1)),
        8 => Binary(One("<", "<=", ">", ">="), Text(depth - 1), Text(depth - 1)),
        9 => Binary(One("in", "not in"), random.Next(2) == 0 ? Text(depth - 1) : Path(), Haystack(depth - 1)),
        10 => Call(One("contains", "startsWith", "endsWith"), Text(depth - 1), Text(0)),
        11 => Call(One("any", "all"), ListOf(depth - 1), Binary("==", new Node.Variable(Nowhere, "it"), One<Node>(Text(0), Number(0), Path()))),
        12 => Call("matches", Text(depth - 1), new Node.Pattern(Nowhere, One(Patterns), random.Next(2) == 0)),
        _ => One(() => Call("has", Any(depth - 1)), () => Choice(Condition(depth - 1), Condition(depth - 1), Condition(depth - 1)), () => Call("chance", Number(0))),
    };

    /// <summary>An expression that is a number.</summary>
    public Node Number(int depth) => depth <= 0 ? Leaf("number", new Node.Literal(Nowhere, Value.Null) { Written = One(Numbers) }) : random.Next(9) switch
    {
        0 or 1 or 2 => Binary(One("+", "-", "*", "/", "%"), Number(depth - 1), Number(depth - 1)),
        3 => new Node.Unary(Nowhere, IsNot: false, Number(depth - 1)),
        4 => Call("length", One<Node>(Text(depth - 1), ListOf(depth - 1))),
        5 => Call("count", ListOf(depth - 1)),
        6 => Call("number", Any(depth - 1)),
        7 => Choice(Condition(depth - 1), Number(depth - 1), Number(depth - 1)),
        _ => One<Node>(Call("random", Number(0), Number(0)), Call("duration", Text(0)), Call("age", Text(0)), Call("hour")),
    };

    /// <summary>An expression that is a text.</summary>
    public Node Text(int depth) => depth <= 0 ? Leaf("text", Literal(Value.Of(One(Words)))) : random.Next(9) switch
    {
        0 or 1 => Binary("+", Text(depth - 1), One<Node>(Text(depth - 1), Number(depth - 1))),
        2 => Call(One("lower", "upper", "trim", "fold"), Text(depth - 1)),
        3 => Choice(Condition(depth - 1), Text(depth - 1), Text(depth - 1)),
        4 => Call("coalesce", Text(depth - 1), Text(depth - 1)),
        5 => Call("if", Condition(depth - 1), Text(depth - 1), Text(depth - 1)),
        6 => Call("join", ListOf(depth - 1), Text(0)),
        7 => Call("replace", Text(depth - 1), One<Node>(Text(0), new Node.Pattern(Nowhere, One(Patterns), IgnoresCase: false)), Text(0)),
        _ => One<Node>(Call("capture", Text(0), new Node.Pattern(Nowhere, "(p)(i)", IgnoresCase: true), new Node.Literal(Nowhere, Value.Null) { Written = "2" }), Call("date"), Call("raw", Text(0)), Call("plain", Text(0))),
    };

    private Node ListOf(int depth) => random.Next(5) switch
    {
        0 => new Node.Member(Nowhere, new Node.Variable(Nowhere, "lists"), One("friends", "words", "numbers", "empty"), Nowhere),
        1 => X("list"),
        2 => Call("split", Text(depth - 1), Text(0)),
        _ => new Node.List(Nowhere, [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => random.Next(2) == 0 ? Text(depth - 1) : Number(depth - 1))]),
    };

    // What may stand behind `in`: parentheses there are always a list.
    private Node Haystack(int depth) => random.Next(3) == 0
        ? new Node.List(Nowhere, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(depth - 1))])
        : One<Node>(X("list"), new Node.Member(Nowhere, new Node.Variable(Nowhere, "lists"), "words", Nowhere));

    private Node Path() => One<Node>(
        new Node.Variable(Nowhere, "nothing"),
        X(One("text", "number", "yes", "missing", "list")),
        new Node.Member(Nowhere, new Node.Member(Nowhere, X("map"), "deep", Nowhere), "er", Nowhere),
        new Node.Index(Nowhere, X("list"), new Node.Literal(Nowhere, Value.Null) { Written = One("0", "1", "2", "7") }));

    private Node Leaf(string name, Node literal) => random.Next(4) switch { 0 => X(name), 1 => Path(), _ => literal };

    private static Node.Member X(string name) => new(Nowhere, new Node.Variable(Nowhere, "x"), name, Nowhere);

    private static Node.Literal Literal(Value value) => new(Nowhere, value);

    private static Node.Binary Binary(string sign, Node left, Node right) => new(Nowhere, sign, left, right);

    private static Node.Call Call(string name, params Node[] arguments) => new(Nowhere, name, Nowhere, arguments);

    private static Node.Conditional Choice(Node condition, Node then, Node otherwise) => new(Nowhere, condition, then, otherwise);

    private T One<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private Node One(params ReadOnlySpan<Func<Node>> choices) => choices[random.Next(choices.Length)]();
}
