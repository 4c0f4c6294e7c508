using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>The engine's process is killed while a note of each kind is on its way.</summary>
public sealed class OnceKillTests
{
    private static readonly Dictionary<string, Fault> Faults = new(StringComparer.Ordinal)
    {
        ["never executed"] = Fault.BlackHole,
        ["executed, no answer yet"] = Fault.ExecuteThenDelay(TimeSpan.FromMinutes(10)),
        ["executed after the death"] = Fault.ResetThenExecute(TimeSpan.FromSeconds(2)),
        ["executed, then 500"] = Fault.ExecuteThen500,
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task Each_kind_of_note_is_there_once_though_the_process_was_killed_meanwhile(string fault)
    {
        using var folder = new TemporaryFolder();
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { DeliveriesPerSecond = 10_000, DeliveryTimeout = Eventually.Patience }, TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        folder.Write("rules/rules.yaml", NoteKinds.Rules(misskey.World, alice));
        var environment = new Dictionary<string, string>
        {
            ["MISSKEY_SERVER"] = misskey.Url.ToString(),
            ["MISSKEY_TOKEN"] = alice.Token,
            ["MISSKEY_HOOK_SECRET"] = House.Secret,
            ["MISSKEYAUTOMATIONS__SETTLE"] = "4s",
        };
        var port = FreePort.Find();
        string[] command = ["run", "--urls", $"http://127.0.0.1:{port}"];
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{port}/hooks/main", House.Secret, "mention");
        misskey.Inject("notes/create", Faults[fault], NoteKinds.Count);

        await using (var killed = ProgramRun.Start(folder.Path, environment, command))
        {
            await killed.StartedAsync();
            misskey.World.Post(misskey.World.AddAccount("bob"), "@alice ping");
            await Eventually.HoldsAsync(() => new Ledger(folder["data"]).Steps().Count == NoteKinds.Count, "all are on their way");
            await Eventually.HoldsAsync(() => misskey.FaultsLeft == 0, "all have arrived");
            await killed.KillAsync();
        }

        // Before the time to settle is over, which begins anew with the next start.
        await Eventually.HoldsAsync(() => misskey.CallsParked == 0, "what was parked is executed");

        await using var last = ProgramRun.Start(folder.Path, environment, command);
        var ledger = new Ledger(folder["data"]);
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over");

        Assert.All(ledger.Runs(), run => Assert.Equal(RunState.Succeeded, run.State));
        NoteKinds.CheckOnce(misskey.World, alice);
    }
}
