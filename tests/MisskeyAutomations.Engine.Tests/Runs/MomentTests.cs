using System.Globalization;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>When <c>wait-until</c> ends.</summary>
public sealed class MomentTests
{
    [Theory]
    // The next such time, by the clocks of the zone.
    [InlineData("08:00", "2026-05-04T07:59:59+09:00", "Asia/Tokyo", "2026-05-04T08:00:00+09:00")]
    [InlineData("8:00", "2026-05-04T07:59:59+09:00", "Asia/Tokyo", "2026-05-04T08:00:00+09:00")]
    [InlineData("08:00", "2026-05-04T08:00:00+09:00", "Asia/Tokyo", "2026-05-05T08:00:00+09:00")]
    [InlineData("00:00", "2026-12-31T23:59:59Z", "UTC", "2027-01-01T00:00:00Z")]
    // In Berlin 02:00 to 03:00 does not exist on 2026-03-29, and comes twice on 2026-10-25.
    [InlineData("02:30", "2026-03-28T12:00:00+01:00", "Europe/Berlin", "2026-03-29T03:00:00+02:00")]
    [InlineData("02:00", "2026-03-28T12:00:00+01:00", "Europe/Berlin", "2026-03-29T03:00:00+02:00")]
    [InlineData("03:00", "2026-03-28T12:00:00+01:00", "Europe/Berlin", "2026-03-29T03:00:00+02:00")]
    [InlineData("02:30", "2026-03-29T03:00:00+02:00", "Europe/Berlin", "2026-03-30T02:30:00+02:00")]
    [InlineData("02:30", "2026-10-25T01:00:00+02:00", "Europe/Berlin", "2026-10-25T02:30:00+02:00")]
    [InlineData("02:30", "2026-10-25T02:45:00+02:00", "Europe/Berlin", "2026-10-26T02:30:00+01:00")]
    [InlineData("02:30", "2026-10-25T02:15:00+01:00", "Europe/Berlin", "2026-10-26T02:30:00+01:00")]
    // In Santiago midnight itself does not exist on 2026-09-06.
    [InlineData("00:00", "2026-09-05T12:00:00-04:00", "America/Santiago", "2026-09-06T01:00:00-03:00")]
    // ISO 8601, with and without an offset.
    [InlineData("2026-05-01T08:00:00+09:00", "2026-04-01T00:00:00Z", "UTC", "2026-05-01T08:00:00+09:00")]
    [InlineData("2026-05-01T08:00", "2026-04-01T00:00:00Z", "Asia/Tokyo", "2026-05-01T08:00:00+09:00")]
    [InlineData("2026-05-01T08:00:00.250Z", "2026-06-01T00:00:00Z", "Asia/Tokyo", "2026-05-01T08:00:00.250Z")]
    public void A_time_means_this_moment(string text, string now, string zone, string expected) =>
        Assert.Equal(Time(expected), Moments.Find(text, Time(now), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("24:00")]
    [InlineData("8")]
    [InlineData("08:60")]
    [InlineData("08:00:00")]
    [InlineData("2026-05-01")]
    [InlineData("noon")]
    [InlineData("")]
    public void What_is_no_time_is_none(string text) => Assert.False(Moments.IsOne(text));

    [Fact]
    public async Task A_run_waits_until_the_time_and_is_not_late_for_it()
    {
        var stage = new Stage("""
            defaults: { timezone: Asia/Tokyo }
            rules:
              - name: morning
                on: mention
                late: 10m
                do:
                  - wait-until: "08:00"
                  - reply: good morning
            """);

        // 12:00 UTC is 21:00 in Tokyo.
        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromHours(11) - TimeSpan.FromSeconds(1));
        var early = stage.Sent.Count;
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(0, early);
        Assert.Equal(["reply good morning"], stage.Sent);
    }

    [Fact]
    public async Task A_moment_that_is_over_is_not_waited_for_and_what_is_none_fails()
    {
        var stage = new Stage("""
            rules:
              - name: given
                on: mention
                do:
                  - wait-until: ${note.createdAt}
                  - log: at once
                  - wait-until: ${state('when')}
            """);
        stage.Store.GivenState["when"] = "\"tomorrow\"";

        await stage.HappenAsync("mention", Some.Mention());
        await stage.WorkAsync();

        Assert.Equal(["log at once"], stage.Sent);
        Assert.Equal((RunState.Failed, "'tomorrow' is no time such as 08:00 or 2026-05-01T08:00:00+09:00"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    private static DateTimeOffset Time(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture);
}
