namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The system's clock, moved forward by as much as a test says. Timers run at their usual pace.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;
    private long _jump;

    /// <summary>How much time has passed beside the real one, by the clock and by the stopwatch.</summary>
    public TimeSpan Shift
    {
        get => new(Volatile.Read(ref _shift));
        set => Volatile.Write(ref _shift, value.Ticks);
    }

    /// <summary>By how much the clock was put forward, or back, while no time passed.</summary>
    public TimeSpan Jump
    {
        get => new(Volatile.Read(ref _jump));
        set => Volatile.Write(ref _jump, value.Ticks);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift + Jump;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Shift.Ticks;
}
