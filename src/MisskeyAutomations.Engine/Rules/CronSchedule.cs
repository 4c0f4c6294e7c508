using System.Numerics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>
/// The times of a Unix cron expression: minute, hour, day of the month, month, day of the week. As in Unix, a day matches when either of
/// both day fields does, unless one of them begins with <c>*</c>.
/// </summary>
/// <remarks>
/// Where clocks are put forward, a fixed time that is left out comes at once behind the gap; where they are put back, it comes at its first
/// passing only. A schedule with <c>*</c> in minute or hour goes by the clock instead: it leaves out what the clock leaves out and
/// repeats what the clock repeats.
/// </remarks>
public sealed record CronSchedule
{
    // The 29th of February on one weekday (`*` makes both day fields count) can take 28 years, and 40 across a century without leap day.
    private const int MostYears = 40;

    // No zone has put its clocks back by more, and a schedule of each minute is searched through at once.
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromHours(3);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The minutes 0 to 59, one bit each.</summary>
    public required ulong Minutes { get; init; }

    /// <summary>The hours 0 to 23, one bit each.</summary>
    public required ulong Hours { get; init; }

    /// <summary>The days of the month 1 to 31, one bit each.</summary>
    public required ulong Days { get; init; }

    /// <summary>The months 1 to 12, one bit each.</summary>
    public required ulong Months { get; init; }

    /// <summary>The days of the week from Sunday, 0 to 6, one bit each.</summary>
    public required ulong Weekdays { get; init; }

    /// <summary>Whether both day fields must match: one of them begins with <c>*</c>.</summary>
    public required bool NeedsBothDays { get; init; }

    /// <summary>Whether it goes by the clock: minute or hour begins with <c>*</c>.</summary>
    public required bool GoesByTheClock { get; init; }

    /// <summary>The first time after <paramref name="after"/>, on the whole minute; null when there is none in 40 years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        DateTimeOffset? best = null;
        var last = DateTime.MaxValue;
        for (var time = NextLocal(Floor(local - LongestOverlap), local.AddYears(MostYears)); time is { } candidate && candidate <= last;
            time = NextLocal(candidate + Minute, local.AddYears(MostYears)))
        {
            foreach (var passing in PassingsOf(candidate, zone))
            {
                if (passing > after && (best is null || passing < best))
                {
                    best = passing;
                    last = candidate + LongestOverlap;
                }
            }
        }

        return best?.ToUniversalTime();
    }

    /// <summary>The last time after <paramref name="after"/> and not after <paramref name="until"/>; null when there is none.</summary>
    public DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until, TimeZoneInfo zone)
    {
        // Looked for in ever longer spans back from the end: a schedule of each minute may have years behind it.
        for (var span = TimeSpan.FromHours(1); ; span *= 4)
        {
            var start = until - after > span ? until - span : after;
            DateTimeOffset? last = null;
            for (var next = Next(start, zone); next <= until; next = Next(next.Value, zone))
            {
                last = next;
            }

            if (last is not null || start == after)
            {
                return last;
            }
        }
    }

    private static DateTime Floor(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Unspecified);

    // The first matching minute of a calendar without zones, from the given one on.
    private DateTime? NextLocal(DateTime from, DateTime end)
    {
        for (var day = from.Date; day <= end; day = day.AddDays(1))
        {
            if (!Has(Months, day.Month))
            {
                day = new DateTime(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month), 0, 0, 0, DateTimeKind.Unspecified);
                continue;
            }

            if (Matches(day) && TimeOn(day, day == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } time)
            {
                return day + time;
            }
        }

        return null;
    }

    private bool Matches(DateTime day) => NeedsBothDays
        ? Has(Days, day.Day) && Has(Weekdays, (int)day.DayOfWeek)
        : Has(Days, day.Day) || Has(Weekdays, (int)day.DayOfWeek);

    private TimeSpan? TimeOn(DateTime day, TimeSpan from)
    {
        for (var hour = First(Hours, from.Hours); hour is { } h; hour = First(Hours, h + 1))
        {
            if (First(Minutes, h == from.Hours ? from.Minutes : 0) is { } minute)
            {
                return new TimeSpan(h, minute, 0);
            }
        }

        return null;
    }

    // When the clocks of the zone show this time: once, twice, or never, and then a fixed time comes behind the gap.
    private IEnumerable<DateTimeOffset> PassingsOf(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            return GoesByTheClock ? [] : [EndOfGap(local, zone)];
        }

        if (!zone.IsAmbiguousTime(local))
        {
            return [new(local, zone.GetUtcOffset(local))];
        }

        var passings = zone.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset)).Order();
        return GoesByTheClock ? passings : passings.Take(1);
    }

    private static DateTimeOffset EndOfGap(DateTime local, TimeZoneInfo zone)
    {
        var end = local;
        while (zone.IsInvalidTime(end))
        {
            end += Minute;
        }

        return new(end, zone.GetUtcOffset(end));
    }

    private static bool Has(ulong set, int number) => (set >> number & 1) != 0;

    private static int? First(ulong set, int from) => from < 64 && set >> from << from is > 0 and var rest ? BitOperations.TrailingZeroCount(rest) : null;
}
