namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The system's clock, moved forward by as much as a test says. Timers run at their usual pace.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public TimeSpan Shift
    {
        get => new(Volatile.Read(ref _shift));
        set => Volatile.Write(ref _shift, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
