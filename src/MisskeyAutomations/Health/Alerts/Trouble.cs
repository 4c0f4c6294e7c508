using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>Something that an owner wants to know.</summary>
/// <param name="Subject">What it is about: an account, an event, a server. Kind and subject are one trouble, however often it is seen.</param>
/// <param name="Text">What is amiss and what to do.</param>
internal sealed record Trouble(string Subject, Phrase Text);

/// <summary>What a watch saw.</summary>
/// <param name="Troubles">What is amiss now. What is here no more is over.</param>
internal sealed record Sight(IReadOnlyList<Trouble> Troubles)
{
    /// <summary>Nothing is amiss.</summary>
    public static readonly Sight Clear = new([]);

    /// <summary>Of which subjects nothing can be told now: their troubles stay as they are.</summary>
    public Predicate<string> IsUnknown { get; init; } = static _ => false;
}

/// <summary>
/// Watches over one kind of trouble. It is asked every few seconds how things stand, so that whatever happened meanwhile, a restart included,
/// the last answer is what counts. A further kind is a further one of these among the services.
/// </summary>
internal abstract class TroubleWatch
{
    /// <summary>The kind, as alerts name it: <c>account-paused</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>How things stand. Must not call anybody outside.</summary>
    public abstract Task<Sight> LookAsync(CancellationToken cancellationToken);
}
