using System.Globalization;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// What a disk may hold after a loss of power: all that was flushed, and of the rest nothing, something or torn pieces. Such states are made of the
/// calls of a real run, checkpoint included; each opens, is whole, and holds what had been acknowledged by then. <c>MKA_STATES</c> says how many,
/// <c>MKA_SEED</c> repeats a run.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private const int Events = 120;
    private static readonly string[] Files = ["automations.db", "automations.db-wal"];

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_loss_of_power_at_any_moment()
    {
        var (states, seed) = (Numbers.Of("MKA_STATES") ?? 40, Numbers.Of("MKA_SEED") ?? Random.Shared.Next());
        output.WriteLine($"MKA_STATES={states} MKA_SEED={seed}");
        using var folder = new TemporaryFolder();
        var (begin, calls) = await RecordAsync(folder);
        var random = new Random(seed);
        var (lost, corrupt, dropped) = (0, 0, 0);
        for (var state = 0; state < states; state++)
        {
            var disk = new CrashedDisk(begin, random);
            var acknowledged = 0;
            foreach (var call in calls.Take(random.Next(calls.Count + 1)))
            {
                acknowledged += disk.Take(call) ? 1 : 0;
            }

            var directory = folder[$"state{state}"];
            dropped += disk.Write(directory);
            var (isWhole, stored) = Open(Path.Combine(directory, "automations.db"));
            corrupt += isWhole ? 0 : 1;
            lost += Math.Max(0, acknowledged - stored);
            Directory.Delete(directory, recursive: true);
        }

        output.WriteLine($"{states} states of {calls.Count} calls, {dropped} writes that were dropped or torn: {corrupt} corrupt, {lost} acknowledged and lost");
        Assert.Equal((0, 0), (corrupt, lost));
        Assert.True(dropped > states / 4, $"{dropped} writes were dropped");
    }

    // One webhook after the other, so that the n-th answer belongs to the n-th row; then the end, with its checkpoint.
    private static async Task<(Dictionary<string, byte[]> Begin, IReadOnlyList<string> Calls)> RecordAsync(TemporaryFolder folder)
    {
        folder.Write("rules/rules.yaml", "rules: []\n");
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000 }, TestContext.Current.CancellationToken);
        await using var receiver = await HookReceiver.StartAsync();
        var alice = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention");
        var port = FreePort.Find();
        await using var engine = ProgramRun.Start(folder.Path, ProgramRun.EnvironmentOf(misskey.Url, alice.Token), "run", "--urls", $"http://127.0.0.1:{port}");
        await engine.StartedAsync();
        await using var trace = await SystemCalls.TraceAsync(engine.Id, folder["trace"], "pwrite64,fsync,fdatasync,ftruncate,sendto,sendmsg", inHex: true);
        var begin = Files.ToDictionary(name => name, name => Shared(Path.Combine(folder["data"], name)), StringComparer.Ordinal);
        using var http = new HttpClient();
        for (var number = 0; number < Events; number++)
        {
            misskey.World.Post(misskey.World.AddAccount($"user{number}"), $"@alice {number}");
            Assert.True(await http.DeliverAsync(new Uri($"http://127.0.0.1:{port}/hooks/main"), await receiver.NextAsync(), TestContext.Current.CancellationToken));
        }

        await engine.TerminateAsync();
        Assert.Equal(0, await engine.ExitCodeAsync());
        return (begin, await trace.EndAsync());
    }

    private static byte[] Shared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static (bool IsWhole, int Stored) Open(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check";
        var isWhole = command.ExecuteScalar() is "ok";
        command.CommandText = "select count(*) from deliveries";
        return (isWhole, Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture));
    }
}
