using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Servers that do not let an account catch up now, and engines that die in the middle of it.</summary>
public sealed class CatchUpTroubleTests
{
    private const string Rules = """
        defaults:
          budget: { notes: 100000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG
        """;

    [Fact]
    public async Task A_token_that_may_not_read_notifications_is_told_of_once_and_nothing_else_suffers()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Token = house.World.IssueToken(house.Owner, "read:account", "write:notes", "read:mutes", "read:blocks");
        house.CatchUp = TimeSpan.FromMilliseconds(50);
        await house.StartAsync();
        house.AddWebhook();

        await Eventually.HoldsAsync(() => Asked(house) >= 3, "it asks at each look");
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice hi");
        await house.RestAsync();

        var line = Assert.Single(house.Log.Lines, line => line.Contains("cannot catch up on what webhooks miss", StringComparison.Ordinal));
        Assert.Contains("read:notifications", line);
        Assert.Contains("catch-up: off", line);
        Assert.Single(house.World.RepliesTo(his));
    }

    [Fact]
    public async Task A_server_that_asks_for_patience_or_fails_is_asked_again_later()
    {
        await using var house = await CatchUpTests.OpenAsync(Rules);
        await house.StopAsync();
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice hi");
        await CatchUpTests.MissAsync(house);
        house.Misskey.Inject("i/notifications", new Fault.Limited(TimeSpan.FromSeconds(1)));

        await house.StartAsync();
        await CatchUpTests.CaughtUpAsync(house, "1 event since");
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(his));
        Assert.Single(house.Log.Lines, line => line.Contains("could not catch up now", StringComparison.Ordinal) && line.Contains("patience", StringComparison.Ordinal));
        Assert.Single(house.Log.Lines, line => line.Contains("can catch up again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_was_down_at_the_start_is_caught_up_on_once_it_is_back()
    {
        await using var house = await CatchUpTests.OpenAsync(Rules);
        await house.StopAsync();
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice hi");
        await CatchUpTests.MissAsync(house);
        await using var wire = new Wire(house.Misskey.Url);
        house.Server = wire.Url;
        wire.Cut();

        await house.StartAsync();
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("could not be checked", StringComparison.Ordinal)), "the server is missed");
        wire.Mend();
        await CatchUpTests.CaughtUpAsync(house, "1 event since");
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(his));
    }

    [Fact]
    public async Task What_was_read_before_a_fault_is_not_told_again_after_it()
    {
        await using var house = await CatchUpTests.OpenAsync(Rules);
        await house.StopAsync();
        for (var number = 0; number < 250; number++)
        {
            house.World.Post(house.World.AddAccount($"person{number}"), "@alice hi");
        }

        await CatchUpTests.MissAsync(house);
        var pages = 0;
        house.World.Called += call =>
        {
            if (call.Endpoint == "i/notifications" && Interlocked.Increment(ref pages) == 1)
            {
                house.Misskey.Inject("i/notifications", new Fault.BadGateway());
            }
        };
        await house.StartAsync();
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("could not catch up now", StringComparison.Ordinal)), "the second page fails");
        await house.RestartAsync();
        await CatchUpTests.CaughtUpAsync(house, "150 events since");
        await house.RestAsync();

        Assert.Equal(250, house.Ledger.Deliveries().Count(delivery => delivery.EventId.StartsWith("notification:", StringComparison.Ordinal)));
        Assert.Equal(250, house.Ledger.Runs().Select(run => run.Subject).Distinct().Count());
        Assert.Equal(250, house.Ledger.Runs().Count);
    }

    [Fact]
    public async Task However_often_the_process_is_killed_in_the_middle_each_event_is_answered_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        await using var misskey = await SandboxServer.StartAsync(
            new SandboxOptions { RateLimits = false, JournalCapacity = 1_000_000 }, TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var random = new Random(7);
        var asked = 0;
        misskey.World.Called += call => _ = call.Endpoint == "i/notifications" ? Interlocked.Increment(ref asked) : 0;
        await using (var begin = Start(folder, misskey, alice.Token))
        {
            await Eventually.HoldsAsync(() => Volatile.Read(ref asked) > 0 && Mark(folder) is not null, "it began");
            await begin.KillAsync();
        }

        var notes = Enumerable.Range(0, 450).Select(number => misskey.World.Post(misskey.World.AddAccount($"person{number}"), "@alice hi")).ToList();
        for (var kill = 0; kill < 5; kill++)
        {
            var before = Volatile.Read(ref asked);
            await using var engine = Start(folder, misskey, alice.Token);
            await Eventually.HoldsAsync(() => Volatile.Read(ref asked) > before, "it looks");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 60)), TimeProvider.System, TestContext.Current.CancellationToken);
            await engine.KillAsync();
        }

        await using var last = Start(folder, misskey, alice.Token);
        var ledger = new Ledger(folder["data"]);
        await Eventually.HoldsAsync(() => ledger.Runs().Count == 450 && ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided");
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all is over");
        await last.TerminateAsync();

        Assert.All(notes, note => Assert.Single(misskey.World.RepliesTo(note)));
        Assert.Equal(450, ledger.Deliveries().Count);
        Assert.Equal("ok", ledger.CheckIntegrity());
    }

    private static int Asked(House house) => house.World.Calls.Count(call => call.Endpoint == "i/notifications");

    private static string? Mark(TemporaryFolder folder) => new Ledger(folder["data"]).CatchUpMark();

    private static ProgramRun Start(TemporaryFolder folder, SandboxServer misskey, string token) => ProgramRun.Start(
        folder.Path,
        new Dictionary<string, string>(ProgramRun.EnvironmentOf(misskey.Url, token)) { ["MISSKEYAUTOMATIONS__SETTLE"] = "3s", ["MISSKEY_CATCH_UP"] = "30m" },
        "run", "--urls", $"http://127.0.0.1:{FreePort.Find()}");
}
