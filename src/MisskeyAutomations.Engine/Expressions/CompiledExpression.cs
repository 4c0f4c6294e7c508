using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>An expression that was checked against the events it will meet, ready to be evaluated any number of times on any thread.</summary>
public sealed class CompiledExpression
{
    private readonly Func<Scope, Value> _evaluate;

    internal CompiledExpression(SourceSlice source, Shape shape, Func<Scope, Value> evaluate)
    {
        Source = source;
        Shape = shape;
        _evaluate = evaluate;
    }

    /// <summary>As written.</summary>
    public SourceSlice Source { get; }

    /// <summary>What it gives, as far as that is known.</summary>
    public Shape Shape { get; }

    /// <summary>
    /// Its value: one of the data kinds, <see cref="ValueKind.Needs"/> (answer the look-up and evaluate again) or
    /// <see cref="ValueKind.Error"/>. Never throws; linear in the expression's and the data's size.
    /// </summary>
    public Value Evaluate(Scope scope) => _evaluate(scope);

    /// <summary>Why it gives what it gives, in one line: the deciding part with the values it saw.</summary>
    public string Describe(Scope scope) => Source.Text;

    /// <inheritdoc/>
    public override string ToString() => Source.Text;
}
