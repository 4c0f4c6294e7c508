using System.Globalization;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>Engines on PostgreSQL go by its clock: a machine whose own is an hour wrong, as libfaketime makes it, waits and fires right.</summary>
public sealed class WrongClockTests
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h }
        rules:
          - name: waits
            on: mention
            late: 30m
            do:
              - wait: 2s
              - reply: PONG!
          - name: each-minute
            on: { cron: "* * * * *", timezone: UTC }
            do:
              - note: ${event.createdAt}
        """;

    [Theory]
    [InlineData("+1h")]
    [InlineData("-1h")]
    public async Task Waits_and_cron_go_by_the_database(string wrong)
    {
        var store = SharedPostgres.NewSchema();
        await using var house = await SharedHouse.OpenAsync(store, engines: 1);
        house.Folder(0).Write("rules/rules.yaml", Rules);
        house.Surround(0, new() { ["LD_PRELOAD"] = ClockTests.Library(), ["FAKETIME"] = wrong });
        await using var engine = await house.StartAsync(0);

        var (note, hook) = await house.MentionAsync();
        Assert.True(await house.DeliverAsync(hook, 0));
        await house.AnsweredOnceAsync(note);

        string? fired = null;
        await Eventually.HoldsAsync(() => (fired = Fired(store)) is not null, "cron has fired");
        var at = DateTimeOffset.Parse(fired!["cron:each-minute:".Length..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.InRange(TimeProvider.System.GetUtcNow() - at, TimeSpan.Zero, Eventually.Patience + TimeSpan.FromMinutes(1));

        // Under libfaketime .NET does not hear the signal to end.
        await engine.KillAsync();
    }

    private static string? Fired(string store) =>
        SharedPostgres.Execute($"select event_id from {store.Split("Search Path=")[1]}.deliveries where event_id like 'cron:each-minute:%' order by id limit 1") as string;
}
