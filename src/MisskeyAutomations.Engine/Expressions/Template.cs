using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Functions;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>A text with <c>${…}</c> holes.</summary>
public sealed class Template
{
    private readonly Operation _operation;

    internal Template(SourceSlice source, Operation operation, bool isConstant)
    {
        Source = source;
        IsConstant = isConstant;
        _operation = operation;
    }

    /// <summary>As written.</summary>
    public SourceSlice Source { get; }

    /// <summary>Text; for a template that is exactly one hole, what the hole's expression gives.</summary>
    public Shape Shape => _operation.Shape;

    /// <summary>Whether it has no holes.</summary>
    public bool IsConstant { get; }

    /// <summary>Whether a secret belongs into it.</summary>
    public bool HoldsSecrets => Secrets.AreIn(_operation);

    /// <summary>Whether a hole asks for an hour, a day or the like, which hangs on a time zone.</summary>
    public bool AsksTheClock => TimeFunctions.AreIn(_operation);

    /// <summary>
    /// The text with its parts marked by origin (not yet neutralised: <see cref="Neutralizer"/> does that where markup counts),
    /// or the typed value of the only hole; or needs or an error like an expression.
    /// </summary>
    public Value Render(Scope scope) => _operation.Evaluate(scope);

    /// <inheritdoc/>
    public override string ToString() => Source.Text;
}
