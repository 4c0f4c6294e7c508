using Microsoft.Extensions.Time.Testing;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>A clock that stands still until it is moved, and can be put forward and back while no time passes.</summary>
internal sealed class JumpyTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>How far it was put forward.</summary>
    public TimeSpan Jump { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}
