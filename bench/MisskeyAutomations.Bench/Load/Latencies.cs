using System.Numerics;

namespace MisskeyAutomations.Bench.Load;

/// <summary>A histogram of latencies with a resolution of 3 %. Safe for concurrent use.</summary>
internal sealed class Latencies
{
    private const int StepsPerOctave = 32;
    private readonly long[] _counts = new long[64 * StepsPerOctave];
    private long _total;

    public void Add(TimeSpan latency)
    {
        Interlocked.Increment(ref _counts[IndexOf((ulong)Math.Max(latency.Ticks, 0))]);
        Interlocked.Increment(ref _total);
    }

    /// <summary>The latency in ms that this share of requests did not exceed.</summary>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(_total * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0)
            {
                return TimeSpan.FromTicks(UpperBound(i)).TotalMilliseconds;
            }
        }

        return 0;
    }

    private static int IndexOf(ulong ticks)
    {
        if (ticks < StepsPerOctave)
        {
            return (int)ticks;
        }

        var octave = BitOperations.Log2(ticks) - BitOperations.Log2(StepsPerOctave);
        return (octave * StepsPerOctave) + (int)(ticks >> octave);
    }

    private static long UpperBound(int index)
    {
        if (index < 2 * StepsPerOctave)
        {
            return index;
        }

        var octave = (index / StepsPerOctave) - 1;
        return (long)((index % StepsPerOctave) + StepsPerOctave + 1) << octave;
    }
}
