using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The clock starts rules: once for each time, whatever happens to the process or its clock.</summary>
public sealed class CronRulesTests
{
    private const string Rules = """
        rules:
          - name: skips
            on: { cron: "0 8 * * *", timezone: Asia/Tokyo }
            do:
              - note: skips at ${event.createdAt}
          - name: makes-up
            on: { cron: "0 8 * * *", timezone: Asia/Tokyo, missed: once }
            late: 30d
            do:
              - note: makes up for ${event.createdAt}
        """;

    [Fact]
    public async Task A_time_that_comes_while_the_engine_runs_is_posted_once_and_not_again_after_a_restart()
    {
        await using var house = await OpenShortlyBeforeAsync("2026-11-23T23:00:00Z");

        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both rules posted");
        await house.RestartAsync();
        await house.RestAsync();

        Assert.Equal(["makes up for 2026-11-23T23:00:00.000Z", "skips at 2026-11-23T23:00:00.000Z"], Texts(house));
        Assert.Equal(
            ["cron:makes-up:2026-11-23T23:00Z", "cron:skips:2026-11-23T23:00Z"],
            house.Ledger.Deliveries().Where(delivery => delivery.Type == "cron").Select(delivery => delivery.EventId).Order());
    }

    [Fact]
    public async Task What_passed_while_the_engine_was_down_is_dropped_or_made_up_for_once_as_the_rule_says()
    {
        await using var house = await OpenAsync("2026-11-24T01:00:00Z");
        await SettleAsync(house);

        await house.RestartAsync(later: TimeSpan.FromDays(3));
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the last missed time is made up for");
        await house.RestartAsync(later: TimeSpan.FromMinutes(5));
        await SettleAsync(house);

        Assert.Equal(["makes up for 2026-11-26T23:00:00.000Z"], Texts(house));
    }

    [Fact]
    public async Task A_restart_of_a_minute_over_the_time_misses_nothing()
    {
        await using var house = await OpenAsync("2026-11-24T22:59:30Z");
        await SettleAsync(house);

        await house.RestartAsync(later: TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both rules posted");

        Assert.Equal(["makes up for 2026-11-24T23:00:00.000Z", "skips at 2026-11-24T23:00:00.000Z"], Texts(house));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_while_the_engine_runs_passes_over_times_as_a_stop_does()
    {
        await using var house = await OpenAsync("2026-11-24T22:55:00Z");
        await SettleAsync(house);

        house.Time.Shift += TimeSpan.FromDays(2);
        Ring(house);
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the last time that was passed over is made up for");
        Ring(house);
        await SettleAsync(house);

        Assert.Equal(["makes up for 2026-11-25T23:00:00.000Z"], Texts(house));
    }

    [Fact]
    public async Task A_clock_that_is_put_back_brings_no_time_twice()
    {
        await using var house = await OpenShortlyBeforeAsync("2026-11-24T23:00:00Z");
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both rules posted");

        await house.RestartAsync(later: TimeSpan.FromMinutes(-30));
        await SettleAsync(house);
        await house.RestartAsync(later: TimeSpan.FromMinutes(30.5));
        await SettleAsync(house);

        Assert.Equal(2, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task A_clock_that_stood_in_another_year_does_not_silence_the_rules_once_it_is_right_again()
    {
        await using var house = await OpenShortlyBeforeAsync("2040-05-01T23:00:00Z");
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both rules posted");

        await house.StopAsync();
        await StartShortlyBeforeAsync(house, "2026-11-24T23:00:00Z");
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 4, "both rules posted again");

        Assert.Equal(2, Texts(house).Count(text => text!.EndsWith("2026-11-24T23:00:00.000Z", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Made_up_for_too_late_it_is_skipped_as_late()
    {
        await using var house = await OpenAsync("2026-11-24T01:00:00Z", Rules.Replace("late: 30d", "late: 1h", StringComparison.Ordinal));
        await SettleAsync(house);

        await house.RestartAsync(later: TimeSpan.FromDays(3));
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Any(delivery => delivery.Verdicts.Count > 0), "it is decided");

        Assert.Equal(Gates.Late, house.Ledger.Deliveries().Single(delivery => delivery.Verdicts.Count > 0).GateOf("makes-up"));
        Assert.Empty(Texts(house));
    }

    [Fact]
    public async Task A_changed_rule_rings_at_its_new_time_and_one_that_was_switched_off_has_missed_nothing()
    {
        await using var house = await OpenAsync("2026-11-24T01:00:00Z", Rules.Replace("late: 30d", "enabled: false", StringComparison.Ordinal));
        await SettleAsync(house);
        house.Time.Shift += TimeSpan.FromDays(2);

        house.WriteRules(Rules.Replace("0 8 * * *\", timezone: Asia/Tokyo }", "* * * * *\" }", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("The rules were reloaded", StringComparison.Ordinal)), "the rules are reloaded");
        await SettleAsync(house);
        var atOnce = Texts(house);
        house.Time.Shift += TimeSpan.FromMinutes(1);
        Ring(house);
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count > atOnce.Length, "the new time came");

        Assert.All(Texts(house), text => Assert.StartsWith("skips at", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_several_accounts_it_runs_once_for_each_that_the_rule_names()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: both
                on: { cron: "0 8 * * *" }
                account: [main, second]
                do:
                  - note: hello
              - name: one
                on: { cron: "0 8 * * *" }
                account: second
                do:
                  - note: hi
            """, start: false);
        var other = house.World.AddAccount("bob");
        house.Accounts =
        [
            .. new[] { ("main", house.Owner), ("second", other), ("third", house.World.AddAccount("carol")) }.Select(entry => new Account
            {
                Name = entry.Item1,
                Server = house.Misskey.Url,
                Token = new Secret(entry.Item2.Token),
                HookSecrets = [new Secret(House.Secret)],
            }),
        ];
        await StartShortlyBeforeAsync(house, "2026-11-24T08:00:00Z");

        await Eventually.HoldsAsync(() => house.World.Calls.Count(call => call.Endpoint == "notes/create" && call.Status == 200) == 3, "all posted");
        await house.RestAsync();

        Assert.Equal(["hello"], Texts(house));
        Assert.Equal(["hello", "hi"], house.World.NotesOf(other).Select(note => note.Text).Order());
    }

    private static async Task<House> OpenAsync(string now, string rules = Rules)
    {
        var house = await House.OpenAsync(rules, start: false);
        house.Time.Shift = At(now);
        await house.StartAsync();
        return house;
    }

    private static async Task<House> OpenShortlyBeforeAsync(string due)
    {
        var house = await House.OpenAsync(Rules, start: false);
        await StartShortlyBeforeAsync(house, due);
        return house;
    }

    // However long the start takes, it is over before the time comes.
    private static async Task StartShortlyBeforeAsync(House house, string due)
    {
        house.Time.Shift = At(due) - TimeSpan.FromMinutes(1);
        await house.StartAsync();
        await SettleAsync(house);
        house.Time.Shift = At(due) - TimeSpan.FromSeconds(2);
        Ring(house);
    }

    private static TimeSpan At(string now) => DateTimeOffset.Parse(now, CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow();

    // What the minute's look does anyway.
    private static void Ring(House house) => Pump(house).Ring();

    private static CronPump Pump(House house) => house.Engine.Services.GetRequiredService<CronPump>();

    // Of two looks that end from now on, the second has begun from now on.
    private static async Task SettleAsync(House house)
    {
        var before = Pump(house).Looks;
        Ring(house);
        Ring(house);
        await Eventually.HoldsAsync(() => Pump(house).Looks >= before + 2, "the clock was looked at");
        await house.RestAsync();
    }

    private static string?[] Texts(House house) => [.. house.World.NotesOf(house.Owner).Select(note => note.Text).Order(StringComparer.Ordinal)];
}
