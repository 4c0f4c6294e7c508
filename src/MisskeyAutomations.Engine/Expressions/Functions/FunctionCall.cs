using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>A written call whose arguments were checked.</summary>
internal sealed record FunctionCall(Function Function, TextSpan Span, IReadOnlyList<Operation> Arguments)
{
    /// <summary>Where findings about written values go.</summary>
    public required Findings Findings { get; init; }

    /// <summary>What distinguishes the dice of this call from those of every other call.</summary>
    public required Dice Dice { get; init; }

    /// <summary>What the call gives.</summary>
    public Shape Shape => Function.ResultOf(this);

    /// <summary>An argument; null when it was left out.</summary>
    public Operation? this[int index] => index < Arguments.Count ? Arguments[index] : null;

    /// <summary>The value of an argument that stands in the rule file; null for one that is computed, or left out.</summary>
    public Value? Written(int index) => this[index] is Constant constant ? constant.Value : null;

    /// <summary>The pattern that was written as an argument.</summary>
    public Pattern? PatternAt(int index) => (this[index] as PatternOperation)?.Pattern;

    /// <summary>Tells that a written argument cannot be meant.</summary>
    public void Refuse(int index, Phrase sentence, Phrase? hint = null) =>
        Findings.Add(ExpressionDiagnostics.ArgumentValue, Arguments[index].Span, hint, null, sentence);
}
