namespace MisskeyAutomations.Tests.Kills;

/// <summary>What an engine is to bear.</summary>
/// <param name="FaultShare">How many of the calls that create something fail, by each kind of fault.</param>
/// <param name="Mentions">How many mentions come, and nothing else; null: mentions and follows until it is enough.</param>
internal sealed record KillLoad(double FaultShare, int? Mentions = null)
{
    /// <summary>How many of the calls about notes go wrong on their way, in a proxy; 0: none stands in between.</summary>
    public double ChaosShare { get; init; }

    public static KillLoad Endless { get; } = new(0.025);
}
