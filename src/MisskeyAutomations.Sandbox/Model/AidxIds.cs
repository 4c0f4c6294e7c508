namespace MisskeyAutomations.Sandbox.Model;

/// <summary>
/// Makes ids as Misskey's default method <c>aidx</c> does: 8 characters of milliseconds since 2000 in base 36,
/// 4 of the process, 4 of a counter. They match <c>^[0-9a-z]{16}$</c> and sort by time of making.
/// </summary>
internal sealed class AidxIds(int seed)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const long Year2000 = 946_684_800_000;

    private readonly string _process = new(new Random(seed).GetItems<char>(Digits, 4));
    private long _counter;

    public string Next(DateTimeOffset time)
    {
        var counter = Interlocked.Increment(ref _counter);
        var milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds() - Year2000);
        return string.Create(16, (milliseconds, _process, counter), static (id, parts) =>
        {
            Write(id[..8], parts.milliseconds);
            parts._process.CopyTo(id[8..]);
            Write(id[12..], parts.counter);
        });
    }

    /// <summary>What sorts before all ids made at this time or later, and after all others.</summary>
    public static string Before(DateTimeOffset time) => string.Create(8, Math.Max(0, time.ToUnixTimeMilliseconds() - Year2000), Write);

    /// <summary>Fills the span from its end; digits that do not fit are dropped, as Misskey drops them.</summary>
    private static void Write(Span<char> target, long value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = Digits[(int)(value % 36)];
            value /= 36;
        }
    }
}
