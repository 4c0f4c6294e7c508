namespace MisskeyAutomations.Api;

/// <summary>How much of the API may be used.</summary>
internal sealed record ApiOptions
{
    /// <summary>How many requests of a key are answered a second; 20 unless told otherwise. Whoever has no key has as many as one.</summary>
    public int PerSecond { get; init; } = 20;

    /// <summary>How many may come at once, after a rest.</summary>
    public int Burst { get; init; } = 100;
}
