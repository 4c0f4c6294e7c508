using System.Globalization;
using System.Reflection;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>When the clock rings: a table of written cases, and a second implementation for cases that nobody wrote.</summary>
public sealed class CronTests
{
    private const string Time = "yyyy-MM-dd'T'HH:mmzzz";

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 7, 0, TimeSpan.Zero);

    public static TheoryData<string> Cases =>
    [
        .. File.ReadAllLines(Path.Combine(
                typeof(CronTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ProjectFolder").Value!, "Rules", "cron-times.txt"))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_rings_at_these_times(string line)
    {
        var parts = line.Split(" | ");
        var (expression, zone, expected) = (parts[0], TimeZoneInfo.FindSystemTimeZoneById(parts[1]), parts[3].Split(", "));
        var schedule = Read(expression);
        var times = new List<string>();

        DateTimeOffset? next = DateTimeOffset.Parse(parts[2], CultureInfo.InvariantCulture);
        foreach (var _ in expected)
        {
            next = schedule.Next(next!.Value, zone);
            times.Add(TimeZoneInfo.ConvertTime(next!.Value, zone).ToString(Time, CultureInfo.InvariantCulture));
        }

        Assert.Equal(expected, times);
    }

    [Fact]
    public void The_table_has_sixty_cases_or_more() => Assert.InRange(Cases.Count, 60, 1_000);

    [Fact]
    public void Generated_expressions_ring_when_another_implementation_says()
    {
        var random = new Random(20261124);
        for (var i = 0; i < 5_000; i++)
        {
            var (minute, hour, month) = (Field(random, 0, 59), Field(random, 0, 23), Field(random, 1, 12));
            var (day, weekday) = (Field(random, 1, 28), Field(random, 0, 6));
            var expression = $"{minute} {hour} {day} {month} {weekday}";
            var after = Start.AddMinutes(random.Next(0, 4_000_000)).AddSeconds(random.Next(0, 60));

            // Cronos wants both days; Unix takes either where neither begins with a star.
            string[] alternatives = day[0] == '*' || weekday[0] == '*' ? [expression]
                : [$"{minute} {hour} {day} {month} *", $"{minute} {hour} * {month} {weekday}"];
            var expected = alternatives.Min(one => Cronos.CronExpression.Parse(one).GetNextOccurrence(after, TimeZoneInfo.Utc));

            Assert.Equal((expression, after, expected), (expression, after, Read(expression).Next(after, TimeZoneInfo.Utc)));
        }
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    public void A_fixed_time_comes_once_a_day_and_another_implementation_agrees(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        for (var minutes = 0; minutes < 24 * 60; minutes += 10)
        {
            var expression = $"{minutes % 60} {minutes / 60} * * *";
            var (schedule, other) = (Read(expression), Cronos.CronExpression.Parse(expression));
            var (time, days) = (new DateTimeOffset(2026, 1, 1, 0, 0, 0, zone.GetUtcOffset(new DateTime(2026, 1, 1))).AddSeconds(-1), 0);
            for (; schedule.Next(time, zone) is { } next && next.Year < 2027; time = next, days++)
            {
                Assert.Equal((expression, other.GetNextOccurrence(time, zone)), (expression, next));
            }

            Assert.InRange(days, 364, 366);
        }
    }

    [Fact]
    public void The_last_time_is_the_one_before_the_next_and_found_at_once_behind_years()
    {
        var each = Read("* * * * *");
        var yearly = Read("0 8 1 1 *");
        var long_ago = Start.AddYears(-8);

        Assert.Equal(Start, each.Last(long_ago, Start, TimeZoneInfo.Utc));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero), yearly.Last(long_ago, Start, TimeZoneInfo.Utc));
        Assert.Null(yearly.Last(Start.AddMonths(-2), Start, TimeZoneInfo.Utc));
        Assert.Null(each.Last(Start, Start, TimeZoneInfo.Utc));
    }

    private static string Field(Random random, int min, int max) => random.Next(8) switch
    {
        0 or 1 or 2 => "*",
        3 => $"*/{random.Next(1, Math.Min(9, max))}",
        4 => Range(random, min, max),
        5 => $"{Range(random, min, max)}/{random.Next(1, 5)}",
        6 => $"{random.Next(min, max + 1)},{random.Next(min, max + 1)}",
        _ => random.Next(min, max + 1).ToString(CultureInfo.InvariantCulture),
    };

    private static string Range(Random random, int min, int max)
    {
        var first = random.Next(min, max + 1);
        return $"{first}-{random.Next(first, max + 1)}";
    }

    private static CronSchedule Read(string expression)
    {
        var reading = RuleReader.Read(
            [new SourceText("a.yaml", $"rules:\n  - name: a\n    on: {{ cron: \"{expression}\" }}\n    do:\n      - log: hello\n")], SomeActions.All);
        Assert.Empty(reading.Diagnostics);
        return Assert.Single(reading.RuleSet!.Rules[0].Crons).Schedule;
    }
}
