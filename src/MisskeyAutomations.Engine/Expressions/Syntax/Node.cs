using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>An expression as written: names are not resolved, types are not checked, every part knows its place.</summary>
/// <param name="Span">Where it stands in the slice.</param>
internal abstract record Node(TextSpan Span)
{
    /// <summary>A text, number, duration, truth value or null.</summary>
    public sealed record Literal(TextSpan Span, Value Value) : Node(Span)
    {
        /// <summary>A number or duration as written, such as <c>1h30m</c>; empty for other literals.</summary>
        public string Written { get; init; } = "";
    }

    /// <summary>A regular expression.</summary>
    public sealed record Pattern(TextSpan Span, string Text, bool IgnoresCase) : Node(Span);

    /// <summary>A name that stands alone or begins a path.</summary>
    public sealed record Variable(TextSpan Span, string Name) : Node(Span);

    /// <summary><c>target.name</c></summary>
    public sealed record Member(TextSpan Span, Node Target, string Name, TextSpan NameSpan) : Node(Span);

    /// <summary><c>target[position]</c></summary>
    public sealed record Index(TextSpan Span, Node Target, Node Position) : Node(Span);

    /// <summary><c>name(arguments)</c></summary>
    public sealed record Call(TextSpan Span, string Name, TextSpan NameSpan, IReadOnlyList<Node> Arguments) : Node(Span);

    /// <summary><c>('a', 'b')</c></summary>
    public sealed record List(TextSpan Span, IReadOnlyList<Node> Entries) : Node(Span);

    /// <summary><c>not x</c>, <c>!x</c> or <c>-x</c>.</summary>
    public sealed record Unary(TextSpan Span, bool IsNot, Node Operand) : Node(Span);

    /// <summary><c>left operator right</c> with the operator in its canonical spelling.</summary>
    public sealed record Binary(TextSpan Span, string Operator, Node Left, Node Right) : Node(Span);

    /// <summary><c>condition ? then : otherwise</c></summary>
    public sealed record Conditional(TextSpan Span, Node Condition, Node Then, Node Otherwise) : Node(Span);
}
