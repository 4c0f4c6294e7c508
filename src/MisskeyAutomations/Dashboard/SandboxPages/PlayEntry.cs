using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.SandboxPages;

/// <summary>Something that happened in the sandbox.</summary>
/// <param name="Number">Later ones have a higher one.</param>
/// <param name="At">When.</param>
/// <param name="IsAnswer">Whether a rule did it, or said why not; otherwise a person did.</param>
/// <param name="Who">The person, or the rule.</param>
/// <param name="What">What was done, in words.</param>
internal sealed record PlayEntry(long Number, DateTimeOffset At, bool IsAnswer, string Who, Phrase What)
{
    /// <summary>What was written or done; null for nothing.</summary>
    public string? Said { get; init; }

    /// <summary>Why; null where there is nothing to add.</summary>
    public string? Because { get; init; }

    /// <summary>Whether nothing came of it.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The rules that did not run, each with its gate and why.</summary>
    public IReadOnlyList<(string Rule, Phrase What, string? Because)> Refusals { get; init; } = [];

    /// <summary>Whether it is what somebody who did something waits for.</summary>
    public bool EndsWait { get; init; }

    /// <summary>The run that did it; null where none is there.</summary>
    public long? Run { get; init; }
}
