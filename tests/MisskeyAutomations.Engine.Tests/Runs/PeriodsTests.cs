using System.Globalization;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class PeriodsTests
{
    [Theory]
    [InlineData("Asia/Tokyo", CalendarUnit.Day, "2026-05-04T23:30:00+09:00", "2026-05-04T00:00:00+09:00", "2026-05-05T00:00:00+09:00")]
    [InlineData("Asia/Tokyo", CalendarUnit.Week, "2026-05-03T23:30:00+09:00", "2026-04-27T00:00:00+09:00", "2026-05-04T00:00:00+09:00")]
    [InlineData("Asia/Tokyo", CalendarUnit.Month, "2026-12-31T23:30:00+09:00", "2026-12-01T00:00:00+09:00", "2027-01-01T00:00:00+09:00")]
    [InlineData("Asia/Kolkata", CalendarUnit.Hour, "2026-05-04T10:29:59+05:30", "2026-05-04T10:00:00+05:30", "2026-05-04T11:00:00+05:30")]
    // A day of 23 hours, one of 25.
    [InlineData("Europe/Berlin", CalendarUnit.Day, "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")]
    [InlineData("Europe/Berlin", CalendarUnit.Day, "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")]
    [InlineData("Europe/Berlin", CalendarUnit.Month, "2026-03-15T12:00:00+01:00", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00")]
    // The hour that comes twice is two hours.
    [InlineData("Europe/Berlin", CalendarUnit.Hour, "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")]
    [InlineData("Europe/Berlin", CalendarUnit.Hour, "2026-10-25T02:30:00+01:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00")]
    // No midnight at all; midnight twice.
    [InlineData("America/Santiago", CalendarUnit.Day, "2026-09-06T12:00:00-03:00", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00")]
    [InlineData("America/Havana", CalendarUnit.Day, "2026-11-01T12:00:00-05:00", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00")]
    [InlineData("America/Havana", CalendarUnit.Day, "2026-11-01T00:30:00-05:00", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00")]
    public void A_period_begins_and_ends_by_the_clocks_of_its_zone(string zone, CalendarUnit unit, string moment, string start, string next)
    {
        var at = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);
        var where = TimeZoneInfo.FindSystemTimeZoneById(zone);

        Assert.Equal(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture), Periods.StartOf(unit, at, where));
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), Periods.NextAfter(unit, at, where));
    }

    [Fact]
    public void Every_moment_of_a_year_lies_within_its_period_in_every_zone()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().Where((_, index) => index % 7 == 0))
        {
            for (var at = new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero); at.Year < 2027; at += TimeSpan.FromHours(5.5))
            {
                foreach (var unit in (CalendarUnit[])[CalendarUnit.Hour, CalendarUnit.Day, CalendarUnit.Week, CalendarUnit.Month])
                {
                    var (start, next) = (Periods.StartOf(unit, at, zone), Periods.NextAfter(unit, at, zone));
                    Assert.True(start <= at && at < next, $"{zone.Id} {unit} {at:O}: {start:O} to {next:O}");
                    Assert.Equal(start, Periods.StartOf(unit, start, zone));
                }
            }
        }
    }
}
