namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// When each run that waits for a budget is to ask again: one token after the other. Told the same time, all of them would wake for every
/// single token. Known to this process only: after a restart runs are told anew as they wake. For one thread.
/// </summary>
public sealed class BudgetWaits
{
    private readonly Dictionary<string, Queue<DateTimeOffset>> _told = new(StringComparer.Ordinal);

    /// <summary>Forgets who waits: all of them ask anew.</summary>
    public void Clear() => _told.Clear();

    /// <summary>Moves the times that were told along with a clock that was put forward, or back.</summary>
    public void Move(TimeSpan step)
    {
        foreach (var (bucket, told) in _told.ToList())
        {
            _told[bucket] = new(told.Select(at => at + step));
        }
    }

    /// <summary>The time for the next in the queue. One that would be of no use any more by then takes no place.</summary>
    /// <param name="bucket">The bucket, unique over all accounts.</param>
    /// <param name="claim">What was refused; it has at least one token.</param>
    /// <param name="now">The time.</param>
    /// <param name="takenAt">When the tokens that are in use were taken: 0 is the one that is free first, <c>Max - 1</c> the last.</param>
    public DateTimeOffset Join(string bucket, BudgetClaim claim, DateTimeOffset now, Func<int, DateTimeOffset> takenAt)
    {
        if (!_told.TryGetValue(bucket, out var told))
        {
            _told[bucket] = told = new();
        }

        while (told.TryPeek(out var first) && first <= now)
        {
            told.Dequeue();
        }

        var (rounds, token) = Math.DivRem(told.Count, claim.Max);
        var at = takenAt(token) + (claim.Within * (rounds + 1));
        if (claim.UselessAt is { } end && end > now && end < at)
        {
            return end;
        }

        told.Enqueue(at);
        return at;
    }
}
