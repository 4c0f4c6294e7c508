using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Calendar periods in a time zone, with days of 23 and 25 hours as they come.</summary>
public static class Periods
{
    /// <summary>When the period began that holds this moment.</summary>
    public static DateTimeOffset StartOf(CalendarUnit unit, DateTimeOffset moment, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        if (unit == CalendarUnit.Hour)
        {
            // Counted back from the moment itself: an hour that the clocks strike twice is two hours.
            return (moment - TimeSpan.FromTicks(local.Ticks % TimeSpan.TicksPerHour)).ToUniversalTime();
        }

        return FirstMoment(StartDate(unit, local.Date), zone);
    }

    /// <summary>When the period begins that follows the one which holds this moment.</summary>
    public static DateTimeOffset NextAfter(CalendarUnit unit, DateTimeOffset moment, TimeZoneInfo zone)
    {
        if (unit == CalendarUnit.Hour)
        {
            return StartOf(unit, moment, zone) + TimeSpan.FromHours(1);
        }

        var start = StartDate(unit, TimeZoneInfo.ConvertTime(moment, zone).Date);
        return FirstMoment(unit switch { CalendarUnit.Day => start.AddDays(1), CalendarUnit.Week => start.AddDays(7), _ => start.AddMonths(1) }, zone);
    }

    private static DateTime StartDate(CalendarUnit unit, DateTime date) => unit switch
    {
        CalendarUnit.Day => date,
        CalendarUnit.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        _ => new DateTime(date.Year, date.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
    };

    // Midnight may come twice, when the clocks go back over it, and then the first counts; or not at all, when they go forward over it,
    // and then the day begins where they land.
    private static DateTimeOffset FirstMoment(DateTime date, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(date, DateTimeKind.Unspecified);
        var before = zone.GetUtcOffset(local.AddDays(-1));
        var after = zone.GetUtcOffset(local.AddDays(1));
        var earlier = new DateTimeOffset(local, before > after ? before : after);
        return TimeZoneInfo.ConvertTime(earlier, zone).DateTime == local
            ? earlier.ToUniversalTime() : new DateTimeOffset(local, before > after ? after : before).ToUniversalTime();
    }
}
