using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>Every zone whose clocks change this year, around each change: nothing that goes by the time of day comes twice or is left out.</summary>
public sealed class ClockChangeTests
{
    private static readonly DateTimeOffset Year = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CronSchedule[] EachHalfHour = [.. Enumerable.Range(0, 48).Select(number => Read($"{number % 2 * 30} {number / 2} * * *"))];

    public static TheoryData<string> Zones { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.SupportsDaylightSavingTime && Changes(zone).Count >= 2).Select(zone => zone.Id)];

    [Fact]
    public void There_are_forty_zones_or_more() => Assert.True(Zones.Count >= 40, $"{Zones.Count} zones");

    [Theory]
    [MemberData(nameof(Zones))]
    public void A_fixed_time_of_cron_comes_once_each_day(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var change in Changes(zone))
        {
            foreach (var schedule in EachHalfHour)
            {
                OnceADay(change, zone, after => schedule.Next(after, zone)!.Value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void A_time_of_day_that_is_waited_for_comes_once_each_day(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var change in Changes(zone))
        {
            for (var minutes = 0; minutes < 24 * 60; minutes += 30)
            {
                var time = $"{minutes / 60:00}:{minutes % 60:00}";
                OnceADay(change, zone, after => Moments.Find(time, after, zone)!.Value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Calendar_limits_leave_no_moment_out_and_count_none_twice(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var change in Changes(zone))
        {
            foreach (var unit in Enum.GetValues<CalendarUnit>())
            {
                for (var moment = change.AddDays(-2); moment < change.AddDays(2); moment += TimeSpan.FromMinutes(30))
                {
                    var (start, end) = (Periods.StartOf(unit, moment, zone), Periods.NextAfter(unit, moment, zone));
                    Assert.True(start <= moment && moment < end, $"{unit} of {moment:u}: {start:u} to {end:u}");

                    // Where clocks move by half an hour, the hours before and behind that overlap: what lies in both counts in both.
                    if (unit != CalendarUnit.Hour || name != "Australia/Lord_Howe")
                    {
                        Assert.Equal((unit, moment, end), (unit, moment, Periods.StartOf(unit, end, zone)));
                        Assert.Equal((unit, moment, start), (unit, moment, Periods.StartOf(unit, start, zone)));
                    }
                }
            }
        }
    }

    private static void OnceADay(DateTimeOffset change, TimeZoneInfo zone, Func<DateTimeOffset, DateTimeOffset> next)
    {
        var first = Periods.StartOf(CalendarUnit.Day, change.AddDays(-2), zone) - TimeSpan.FromTicks(1);
        var end = first;
        for (var day = 0; day < 5; day++)
        {
            end = Periods.NextAfter(CalendarUnit.Day, end.AddTicks(1), zone) - TimeSpan.FromTicks(1);
        }

        // What a gap at midnight leaves out comes at midnight, a day later by its date.
        var (count, before) = (0, first);
        for (var time = next(first); time <= end; time = next(time), count++)
        {
            Assert.True(count == 0 || (time - before).Duration() > TimeSpan.FromHours(21), $"{before:u}, then {time:u}");
            before = time;
        }

        Assert.Equal((change, 5), (change, count));
    }

    // By the hour, then by the minute.
    private static List<DateTimeOffset> Changes(TimeZoneInfo zone)
    {
        var changes = new List<DateTimeOffset>();
        for (var hour = Year; hour < Year.AddYears(1); hour = hour.AddHours(1))
        {
            if (zone.GetUtcOffset(hour) != zone.GetUtcOffset(hour.AddHours(1)))
            {
                changes.Add(Enumerable.Range(1, 60).Select(minute => hour.AddMinutes(minute)).First(moment => zone.GetUtcOffset(moment) != zone.GetUtcOffset(hour)));
            }
        }

        return changes;
    }

    private static CronSchedule Read(string expression)
    {
        var reading = RuleReader.Read(
            [new SourceText("a.yaml", $"rules:\n  - name: a\n    on: {{ cron: \"{expression}\" }}\n    do:\n      - log: hello\n")], SomeActions.All);
        return Assert.Single(reading.RuleSet!.Rules[0].Crons).Schedule;
    }
}
