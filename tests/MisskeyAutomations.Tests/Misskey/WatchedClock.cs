using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>A clock that stands still, and knows for what it is waited.</summary>
internal sealed class WatchedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<Watched, TimeSpan> _timers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether somebody waits who began to wait for just so long.</summary>
    public bool IsWaitedFor(TimeSpan dueTime) => _timers.Values.Contains(dueTime);

    /// <summary>How many wait who began to wait for just so long.</summary>
    public int Waits(TimeSpan dueTime) => _timers.Values.Count(waited => waited == dueTime);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Watched(this, base.CreateTimer(callback, state, dueTime, period));
        _timers[timer] = dueTime;
        return timer;
    }

    private sealed class Watched(WatchedClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers[this] = dueTime;
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock._timers.TryRemove(this, out _);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            clock._timers.TryRemove(this, out _);
            return timer.DisposeAsync();
        }
    }
}
