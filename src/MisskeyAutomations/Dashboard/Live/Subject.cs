using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>What of a page is kept up to date.</summary>
internal abstract record Subject
{
    private Subject()
    {
    }

    /// <summary>The figures of the overview.</summary>
    public sealed record Figures : Subject;

    /// <summary>The newest events that are wanted.</summary>
    public sealed record Events(EventFilter Filter) : Subject;
}
