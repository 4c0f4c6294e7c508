namespace MisskeyAutomations.Engine.Rules;

/// <summary>What happens to an event of a rule while an earlier run of it is unfinished.</summary>
/// <param name="Mode">What happens.</param>
/// <param name="Per">Which runs count: those for the same user, note or thread; all of the account for <see cref="LimitKey.Account"/>.</param>
/// <param name="Text">As written, for verdicts.</param>
public sealed record Overlap(OverlapMode Mode, LimitKey Per, string Text)
{
    /// <summary>Runs know nothing of each other.</summary>
    public static readonly Overlap Parallel = new(OverlapMode.Parallel, LimitKey.Account, "parallel");
}

/// <summary>The four settings of <c>overlap</c>.</summary>
public enum OverlapMode
{
    /// <summary>Both run.</summary>
    Parallel,

    /// <summary>The new one is not made.</summary>
    Skip,

    /// <summary>The new one waits for its turn.</summary>
    Queue,

    /// <summary>The new one takes the place of the unfinished one, which is cancelled.</summary>
    Restart,
}
