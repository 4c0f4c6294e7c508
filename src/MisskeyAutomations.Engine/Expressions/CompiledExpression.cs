using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Functions;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>An expression that was checked against the events it will meet, ready to be evaluated any number of times on any thread.</summary>
public sealed class CompiledExpression
{
    private readonly Operation _operation;

    internal CompiledExpression(SourceSlice source, Operation operation)
    {
        Source = source;
        _operation = operation;
    }

    /// <summary>As written.</summary>
    public SourceSlice Source { get; }

    /// <summary>What it gives, as far as that is known.</summary>
    public Shape Shape => _operation.Shape;

    /// <summary>Whether its value hangs on a time zone: it asks for an hour, a day or the like.</summary>
    public bool AsksTheClock => TimeFunctions.AreIn(_operation);

    /// <summary>
    /// Its value: one of the data kinds, <see cref="ValueKind.Needs"/> (answer the look-up and evaluate again) or
    /// <see cref="ValueKind.Error"/>. Never throws; linear in the expression's and the data's size.
    /// </summary>
    public Value Evaluate(Scope scope) => _operation.Evaluate(scope);

    /// <summary>
    /// Why it has the value that it has, in one short line: the part that decides with the values it saw, such as
    /// <c>contains(note.said, 'ping') = false (note.said = 'hello')</c>.
    /// </summary>
    public string Describe(Scope scope) => new Explainer(Source, scope).Explain(_operation);

    /// <inheritdoc/>
    public override string ToString() => Source.Text;
}
