namespace MisskeyAutomations.Storage;

/// <summary>
/// Looks for something among rows by their numbers, the newest first, for so long as somebody who waits for a page may wait. What is rare among a
/// million is found in several looks, each of which goes on where the one before ended.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="patience">How long a look may take, but for its last stretch.</param>
internal sealed class BackwardLook(TimeProvider time, TimeSpan patience)
{
    /// <summary>How long a page may be looked for: the rest of 50 ms is for reading what was found.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks stretch by stretch.</summary>
    /// <param name="before">The number before which it begins.</param>
    /// <param name="first">The lowest number that comes into question.</param>
    /// <param name="stretch">How many numbers are looked at between two looks at the clock.</param>
    /// <param name="max">How many are wanted.</param>
    /// <param name="find">Finds those from a number on and before another, the highest first, as many as it is told.</param>
    /// <returns>Their numbers, the highest first, and where to look on; null when all were looked at.</returns>
    public (List<long> Found, long? Next) Find(long before, long first, int stretch, int max, Func<long, long, int, IEnumerable<long>> find)
    {
        var (found, began) = (new List<long>(max), time.GetTimestamp());
        while (before > first)
        {
            var low = Math.Max(first, before - stretch);
            found.AddRange(find(low, before, max - found.Count));
            if (found.Count == max)
            {
                return (found, found[^1] > first ? found[^1] : null);
            }

            before = low;
            if (time.GetElapsedTime(began) >= patience)
            {
                break;
            }
        }

        return (found, before > first ? before : null);
    }
}
