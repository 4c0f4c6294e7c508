using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>The program as it is, before a clock that is put back and forward under it, as libfaketime does: waits go on, and each event is answered once.</summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            late: 10d
            do:
              - wait: 3s
              - reply: PONG
        """;

    [Fact]
    public async Task Each_event_is_answered_once_though_the_clock_is_put_back_and_forward()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        var clock = folder.Write("clock", "+0\n");
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false }, TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var port = FreePort.Find();
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{port}/hooks/main", House.Secret, "mention");
        var environment = ProgramRun.EnvironmentOf(misskey.Url, alice.Token);
        (environment["LD_PRELOAD"], environment["FAKETIME_TIMESTAMP_FILE"]) = (Library(), clock);
        (environment["FAKETIME_DONT_FAKE_MONOTONIC"], environment["FAKETIME_NO_CACHE"]) = ("1", "1");
        await using var engine = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{port}");
        await engine.StartedAsync();
        var ledger = new Ledger(folder["data"]);

        // Each time one comes before the step, which waits over it, and one after it.
        var mentions = new List<Note>();
        Mention(misskey.World, mentions);
        foreach (var step in (string[])["-2h", "+0", "+3d", "+0"])
        {
            await StoredAsync(ledger, mentions.Count);
            File.WriteAllText(clock, $"{step}\n");
            await Eventually.HoldsAsync(() => engine.Output.Split("clock was put forward").Length > (mentions.Count + 1) / 2, $"the step to {step} is told");
            Mention(misskey.World, mentions);
            await StoredAsync(ledger, mentions.Count);
            Mention(misskey.World, mentions);
        }

        await Eventually.HoldsAsync(() => mentions.All(mention => misskey.World.RepliesTo(mention).Count > 0), "all are answered");
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over");

        // Under libfaketime .NET does not hear the signal to end.
        await engine.KillAsync();
        output.WriteLine(engine.Output);
        Assert.All(mentions, mention => Assert.Single(misskey.World.RepliesTo(mention)));
        Assert.All(ledger.Deliveries(), delivery => Assert.Equal(DeliveryState.Planned, delivery.State));
        Assert.All(ledger.Runs(), run => Assert.Equal(RunState.Succeeded, run.State));
    }

    private static void Mention(SandboxWorld world, List<Note> mentions) => mentions.Add(world.Post(world.AddAccount($"user{mentions.Count}"), $"@alice {mentions.Count}"));

    private static Task StoredAsync(Ledger ledger, int count) =>
        Eventually.HoldsAsync(() => ledger.Deliveries().Count(delivery => delivery.State != DeliveryState.Received) == count, $"{count} are decided");

    internal static string Library() =>
        Directory.Exists("/usr/lib") && Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }).FirstOrDefault() is { } path
            ? path : throw Xunit.Sdk.SkipException.ForSkip("libfaketime is not installed");
}
