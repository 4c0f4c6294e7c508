using System.Text.Json;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>How the little world of a <see cref="Stage"/> begins.</summary>
public sealed record StageSettings
{
    /// <summary>When its clock begins.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who answers look-ups.</summary>
    public required StageLookups Lookups { get; init; }

    /// <summary>What requests are answered with, by endpoint or address, as JSON; a request without one succeeds.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is kept under a key from the first, as it is stored.</summary>
    public IReadOnlyDictionary<string, string> State { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What all dice show, from 0 up to but not including 1; null where they fall as in earnest.</summary>
    public double? Die { get; init; }

    /// <summary>What actions go by.</summary>
    public ActionDefaults Defaults { get; init; } = new() { AllowAdmin = true };

    /// <summary>Whether what is over is forgotten as soon as it was told, so that any number of events may happen.</summary>
    public bool Forgets { get; init; }
}

/// <summary>An event that is to happen on a <see cref="Stage"/>.</summary>
/// <param name="Account">The account that it comes to.</param>
/// <param name="Envelope">The whole envelope.</param>
/// <param name="Source">Whence it comes, such as <c>webhook</c>.</param>
public sealed record StageEvent(string Account, JsonElement Envelope, string Source = "webhook")
{
    /// <summary>The account's own user id, for envelopes that do not name it; null when it is not known.</summary>
    public string? MeId { get; init; }

    /// <summary>When it came in, which is its time where the envelope tells none; null for now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The id of the first note of its thread, where more of it is known than the envelope shows.</summary>
    public string? Thread { get; init; }

    /// <summary>Whether one of the engine's accounts caused it, beside the account that it came to.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Whether a rule caused it.</summary>
    public bool IsRulesDeed { get; init; }

    /// <summary>Whether the account muted or blocked whoever caused it.</summary>
    public bool IsMuted { get; init; }
}
