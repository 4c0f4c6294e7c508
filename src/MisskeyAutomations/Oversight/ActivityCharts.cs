using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>What was done lately, in equal steps, for drawing: the last hour by the minute, the last day by the hour, the last week by the day.</summary>
internal sealed class ActivityCharts(Activity activity, TimeProvider time)
{
    private const int Minutes = 60;
    private const int Hours = 24;
    private const int Days = 7;

    /// <summary>The last hour by the minute; the last one is not over yet.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public ActivityChart LastHour() => InSteps(TimeSpan.FromMinutes(1), Minutes, activity.ListMinutes);

    /// <summary>The last day by the hour.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public ActivityChart LastDay() => InSteps(TimeSpan.FromHours(1), Hours, activity.ListHours);

    /// <summary>How many runs failed within the last 24 hours, with all of the hour in which those begin.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public long CountFailedLately()
    {
        var now = time.GetUtcNow();
        return activity.ListHours(BeginOf(now.AddDays(-1), TimeSpan.FromHours(1))).Where(point => point.What == Counted.Failed && point.At <= now).Sum(point => point.Number);
    }

    /// <summary>The last week by the day of a time zone. Sums are kept by the hour: where a day does not begin with one, the hour counts for the day in which it began.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public ActivityChart LastWeek(TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
        var days = Enumerable.Range(1 - Days, Days).Select(today.AddDays).ToList();
        var begins = days.Select(day => BeginOf(day, zone)).ToList();
        return Chart(begins, activity.ListHours(begins[0]), point => days.IndexOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(point.At, zone).DateTime)));
    }

    private ActivityChart InSteps(TimeSpan step, int count, Func<DateTimeOffset, IReadOnlyList<ActivityPoint>> list)
    {
        var last = BeginOf(time.GetUtcNow(), step);
        var begins = Enumerable.Range(1 - count, count).Select(number => last + (number * step)).ToList();
        return Chart(begins, list(begins[0]), point => (int)((point.At - begins[0]) / step));
    }

    private static DateTimeOffset BeginOf(DateTimeOffset at, TimeSpan step) => at.AddTicks(-(at.Ticks % step.Ticks));

    // What the clock wrote down in what is the future now is left out.
    private static ActivityChart Chart(List<DateTimeOffset> begins, IReadOnlyList<ActivityPoint> points, Func<ActivityPoint, int> indexOf)
    {
        var accounts = new SortedDictionary<string, ActivitySums[]>(StringComparer.Ordinal);
        foreach (var point in points.Where(point => indexOf(point) is >= 0 and var index && index < begins.Count))
        {
            if (!accounts.TryGetValue(point.Account, out var sums))
            {
                accounts[point.Account] = sums = [.. begins.Select(_ => new ActivitySums())];
            }

            sums[indexOf(point)] = sums[indexOf(point)].With(point);
        }

        return new(begins, accounts.ToDictionary(pair => pair.Key, IReadOnlyList<ActivitySums> (pair) => pair.Value, StringComparer.Ordinal));
    }

    // Where the clock is put forward at midnight, the day begins when the gap is over.
    private static DateTimeOffset BeginOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        return new DateTimeOffset(midnight, zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

/// <summary>What was done in equal steps of time.</summary>
/// <param name="Begins">When each step began, the oldest first.</param>
/// <param name="Accounts">What was done in each, for every account that did anything.</param>
internal sealed record ActivityChart(IReadOnlyList<DateTimeOffset> Begins, IReadOnlyDictionary<string, IReadOnlyList<ActivitySums>> Accounts)
{
    /// <summary>What was done in each step for an account, or for all together.</summary>
    /// <param name="account">The account's name; null for all.</param>
    public IReadOnlyList<ActivitySums> For(string? account) =>
        [.. Begins.Select((_, step) => Accounts.Where(sums => account is null || sums.Key == account).Aggregate(new ActivitySums(), (all, sums) => all.With(sums.Value[step])))];
}

/// <summary>How much was done.</summary>
/// <param name="Events">Events that were decided.</param>
/// <param name="Made">Runs that were made.</param>
/// <param name="Succeeded">Runs that ended well.</param>
/// <param name="Skipped">Runs that a gate ended.</param>
/// <param name="Failed">Runs that failed.</param>
/// <param name="Cancelled">Runs that were ended from outside.</param>
/// <param name="Sent">Requests that had an effect.</param>
internal sealed record ActivitySums(long Events = 0, long Made = 0, long Succeeded = 0, long Skipped = 0, long Failed = 0, long Cancelled = 0, long Sent = 0)
{
    /// <summary>Both together.</summary>
    public ActivitySums With(ActivitySums other) => new(
        Events + other.Events, Made + other.Made, Succeeded + other.Succeeded, Skipped + other.Skipped, Failed + other.Failed, Cancelled + other.Cancelled, Sent + other.Sent);

    /// <summary>The same with what a point tells.</summary>
    public ActivitySums With(ActivityPoint point) => With(point.What, point.Number);

    /// <summary>The same with so many more.</summary>
    public ActivitySums With(Counted what, long number) => what switch
    {
        Counted.Event => this with { Events = Events + number },
        Counted.Made => this with { Made = Made + number },
        Counted.Succeeded => this with { Succeeded = Succeeded + number },
        Counted.Skipped => this with { Skipped = Skipped + number },
        Counted.Failed => this with { Failed = Failed + number },
        Counted.Cancelled => this with { Cancelled = Cancelled + number },
        Counted.Sent => this with { Sent = Sent + number },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
