namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Knows beyond the death of the process what was being evaluated when it died. An event or run that takes the engine down with it is
/// found by that, and set aside instead of taking it down for ever.
/// </summary>
public interface IBlackBox
{
    /// <summary>What is being evaluated now.</summary>
    IReadOnlyList<EvaluationMark> Marks { get; }

    /// <summary>
    /// Marks something as being evaluated until the mark is disposed of. What the engine died at before is evaluated alone: waits until no
    /// other such thing is.
    /// </summary>
    IDisposable Enter(Evaluated what);

    /// <summary>Whether the engine died at it so often that it is not to be evaluated any more.</summary>
    bool IsPoison(Evaluated what);

    /// <summary>Forgets how often the engine died at it: a person wants it to be tried again.</summary>
    void Forgive(Evaluated what);
}

/// <summary>Something at whose evaluation a process may die.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its number in the store, from 1.</param>
public readonly record struct Evaluated(EvaluatedKind Kind, long Id)
{
    /// <summary>A delivery that is being decided.</summary>
    public static Evaluated Delivery(long id) => new(EvaluatedKind.Delivery, id);

    /// <summary>A run at its gates or in a step, while nothing of it is on its way.</summary>
    public static Evaluated Run(long id) => new(EvaluatedKind.Run, id);
}

/// <summary>The kinds of things that are evaluated. Kept in the store: numbers never change.</summary>
public enum EvaluatedKind
{
    /// <summary>A delivery.</summary>
    Delivery = 0,

    /// <summary>A run.</summary>
    Run = 1,
}

/// <summary>One evaluation under way.</summary>
/// <param name="Number">Differs from that of every other evaluation of this process.</param>
/// <param name="What">What is evaluated.</param>
public readonly record struct EvaluationMark(long Number, Evaluated What);
