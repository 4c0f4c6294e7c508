using MisskeyAutomations.Engine.Expressions.Functions;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Numbers the dice of one place, across all holes of a template.</summary>
internal sealed class DiceCounter(string place)
{
    private int _next;

    /// <summary>Dice that no other call of the place has.</summary>
    public Dice Next() => new(place, _next++);
}
