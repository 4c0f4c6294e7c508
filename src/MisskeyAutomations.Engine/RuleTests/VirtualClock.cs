namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>A clock that stands still until it is moved.</summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Moves it; never back.</summary>
    public void MoveTo(DateTimeOffset time) => _now = time > _now ? time : _now;
}
