using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary>
/// A checked part of an expression that can be evaluated. Immutable, so one operation may be evaluated on any number of threads,
/// each with a scope of its own. Total: it never throws.
/// </summary>
/// <param name="span">Where it stands in the slice.</param>
/// <param name="shape">What it gives, as far as that is known.</param>
internal abstract class Operation(TextSpan span, Shape shape)
{
    /// <summary>Where it stands in the slice.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>What it gives, as far as that is known.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>What it is made from, left to right.</summary>
    public virtual IReadOnlyList<Operation> Operands => [];

    /// <summary>Whether it reads a value out of the scope: what explanations show.</summary>
    public virtual bool IsRead => false;

    /// <summary>Its value now.</summary>
    public abstract Value Evaluate(Scope scope);
}
