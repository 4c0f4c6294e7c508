using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>
/// Counts calls per actor and endpoint in a sliding window. Refused calls count too and push the window on: the time
/// given is when the oldest of the last <c>Max</c> calls leaves it. For one caller at a time.
/// </summary>
internal sealed class CallLimiter
{
    private readonly Dictionary<(string Actor, string Endpoint, bool Interval), Queue<DateTimeOffset>> _calls = [];

    /// <summary>Null when the call may go on.</summary>
    public Refusal? Count(string actor, string endpoint, CallLimit limit, DateTimeOffset now) =>
        (limit.MinimumInterval is { } interval ? Count((actor, endpoint, true), 1, interval, now) : null)
        ?? Count((actor, endpoint, false), limit.Max, limit.Duration, now);

    private Refusal? Count((string Actor, string Endpoint, bool Interval) key, int max, TimeSpan duration, DateTimeOffset now)
    {
        if (!_calls.TryGetValue(key, out var calls))
        {
            _calls.Add(key, calls = new Queue<DateTimeOffset>());
        }
        while (calls.TryPeek(out var oldest) && oldest <= now - duration)
        {
            calls.Dequeue();
        }
        var exceeded = calls.Count >= max;
        calls.Enqueue(now);
        while (calls.Count > max)
        {
            calls.Dequeue();
        }
        return exceeded ? Refusals.RateLimitExceeded(calls.Peek() + duration, now, max) : null;
    }
}
