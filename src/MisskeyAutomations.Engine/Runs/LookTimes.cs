namespace MisskeyAutomations.Engine.Runs;

/// <summary>When the effect of an uncertain request is looked for.</summary>
/// <param name="Settle">
/// How long after its outcome was missed a request may still come into effect, parked in a proxy: what is not there after that never
/// will be. 90 s by default, above the 60 s after which proxies usually give up.
/// </param>
public sealed record LookTimes(TimeSpan Settle)
{
    /// <summary>After 5 s, 30 s and 90 s.</summary>
    public static readonly LookTimes Default = new(TimeSpan.FromSeconds(90));

    /// <summary>How much older than the intent, by the server's clock, a note may be that it made: 60 s.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(60);

    /// <summary>For how long a server that cannot be asked is asked again: a day.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>From missing the outcome to the first look.</summary>
    public TimeSpan First => Settle / 18;

    /// <summary>The next look after <paramref name="now"/>; after the third, each pause is as long as all before, at most 5 min.</summary>
    /// <param name="doubtedAt">When the outcome was missed.</param>
    /// <param name="now">The time.</param>
    public DateTimeOffset Next(DateTimeOffset doubtedAt, DateTimeOffset now)
    {
        foreach (var after in (ReadOnlySpan<TimeSpan>)[First, Settle / 3, Settle])
        {
            if (doubtedAt + after > now)
            {
                return doubtedAt + after;
            }
        }

        var passed = now - doubtedAt;
        return now + (passed < LongestPause ? passed : LongestPause);
    }
}
