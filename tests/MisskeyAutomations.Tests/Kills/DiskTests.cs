using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Sockets;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// The disk of the store is full, read-only, broken or held by somebody else, while webhooks pour in and calls fail. <c>MKA_FAULTS</c> says how
/// many calls to the disk fail, one at a time; <c>MKA_HOLD</c> for how many seconds other trouble lasts; <c>MKA_SEED</c> repeats a run.
/// </summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    private static readonly string[] Endings = ["db", "db-wal", "db-shm", "at-work"];
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(10);

    private readonly int _seed = Numbers.Of("MKA_SEED") ?? Random.Shared.Next();
    private readonly TimeSpan _hold = TimeSpan.FromSeconds(Numbers.Of("MKA_HOLD") ?? 3);

    [Fact]
    public async Task A_full_disk_loses_nothing_and_all_goes_on_once_there_is_room()
    {
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless, mebibytes: 64);
        await using (var engine = await house.StartAsync())
        {
            await Eventually.HoldsAsync(() => File.Exists(Path.Combine(house.Data, "automations.ballast")), "room is kept");
            house.Disk.Fill();
            await Eventually.HoldsAsync(() => Told(engine, "is full. Make room") > 0, "it is told", Healing);
            await HoldAsync(house, engine);

            house.Disk.Free();
            await HealsAsync(house, engine);
            Assert.Equal(1, Told(engine, "is full. Make room"));
            Assert.Equal(1, Told(engine, "trouble (Full) ended"));
            await StopAsync(engine);
        }

        output.WriteLine(await house.EndAsync());
    }

    [Fact]
    public async Task A_disk_that_becomes_read_only_loses_nothing_and_all_goes_on_once_it_can_be_written()
    {
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        await using (var engine = await house.StartAsync())
        {
            // What the kernel does when it gives a file system up; mount does not while files are open.
            await using (var broken = await SystemCalls.BreakAsync(engine.Id, Path.Combine(house.Data, "..", "trace"), Files(house), "pwrite64:error=EROFS", "openat:error=EROFS", "ftruncate:error=EROFS"))
            {
                await Eventually.HoldsAsync(() => Told(engine, "read-only") > 0, "it is told", Healing);
                await HoldAsync(house, engine);
                await broken.MendAsync();
            }

            await HealsAsync(house, engine);
            Assert.Equal(1, Told(engine, "cannot be written: its file system is read-only"));
            await StopAsync(engine);
        }

        output.WriteLine(await house.EndAsync());
    }

    [Fact]
    public async Task A_read_only_disk_ends_the_start_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", "rules: []\n");
        await using var disk = await SmallDisk.MountAsync(folder["data"], 16);
        var environment = ProgramRun.EnvironmentOf(new Uri("http://127.0.0.1:1"), "token");
        await using (var first = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{FreePort.Find()}"))
        {
            await first.StartedAsync();
            await StopAsync(first);
        }

        await disk.ProtectAsync();
        var (exitCode, _, error) = await ProgramRun.ToEndAsync(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{FreePort.Find()}");

        Assert.Equal(74, exitCode);
        Assert.Contains("data/automations.lock", error, StringComparison.Ordinal);
        Assert.Contains("Mount its file system for writing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_holds_the_database_for_long_loses_nothing()
    {
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        await using (var engine = await house.StartAsync())
        {
            await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(house.Data, "automations.db"), Pooling = false }.ToString()))
            {
                await other.OpenAsync(TestContext.Current.CancellationToken);
                await using var command = other.CreateCommand();
                command.CommandText = "pragma busy_timeout = 60000; begin exclusive";
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                await Eventually.HoldsAsync(() => Told(engine, "Another program holds") > 0, "it is told", TimeSpan.FromSeconds(30));
                await HoldAsync(house, engine);
            }

            await HealsAsync(house, engine);
            await StopAsync(engine);
        }

        output.WriteLine(await house.EndAsync());
    }

    // .NET itself keeps 300 files open, does not start with 128 and ends when it finds none: some are kept from whoever connects.
    [Fact]
    public async Task A_crowd_that_would_take_all_open_files_leaves_some_and_webhooks_are_taken_after_it()
    {
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        await using (var engine = await house.StartAsync(files: 768))
        {
            var crowd = Enumerable.Range(0, 400).Select(_ => new TcpClient()).ToList();
            foreach (var client in crowd)
            {
                await client.ConnectAsync(IPAddress.Loopback, house.Port, TestContext.Current.CancellationToken);
            }

            Assert.Equal(new ConnectionShares(126, 42), OpenFiles.Fit(768));

            await Task.Delay(_hold, TimeProvider.System, TestContext.Current.CancellationToken);
            crowd.ForEach(client => client.Dispose());
            await HealsAsync(house, engine, TimeSpan.FromSeconds(5));
            await StopAsync(engine);
        }

        output.WriteLine(await house.EndAsync());
    }

    [Fact]
    public async Task Whichever_call_to_the_disk_fails_nothing_is_lost_and_nothing_is_done_twice()
    {
        var count = Numbers.Of("MKA_FAULTS") ?? 15;
        output.WriteLine($"MKA_FAULTS={count} MKA_SEED={_seed}");
        var random = new Random(_seed);
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        var (ends, longest, met) = (0, TimeSpan.Zero, new SortedDictionary<string, int>(StringComparer.Ordinal));
        ProgramRun? engine = null;
        try
        {
            for (var number = 0; number < count; number++)
            {
                engine ??= await house.StartAsync();
                var faults = FaultsOf(number, random);
                await BreakAsync(house, engine, faults);
                var begin = TimeProvider.System.GetTimestamp();
                await house.TakesAgainAsync(engine, Healing);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, TimeProvider.System.GetElapsedTime(begin).Ticks));
                met[faults[^1].Split(':')[0]] = met.GetValueOrDefault(faults[^1].Split(':')[0]) + 1;
                if (engine.HasExited)
                {
                    Assert.Equal(74, await engine.ExitCodeAsync());
                    Assert.Contains("could not be flushed to the disk", engine.Error, StringComparison.Ordinal);
                    await engine.DisposeAsync();
                    engine = null;
                    ends++;
                }
            }

            await (engine is null ? Task.CompletedTask : StopAsync(engine));
        }
        finally
        {
            await (engine?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        output.WriteLine($"{string.Join(", ", met.Select(one => $"{one.Value} {one.Key}"))}; {ends} ended with 74, the others healed within {longest.TotalSeconds:0.0} s");
        output.WriteLine(await house.EndAsync());
    }

    // Files are opened and cut off only after a failed write: so that one goes before.
    private static string[] FaultsOf(int number, Random random)
    {
        var when = string.Create(CultureInfo.InvariantCulture, $"when={1 + (int)(300 * Math.Pow(random.NextDouble(), 4))}");
        return (number % 5) switch
        {
            0 => [$"pwrite64:error=EIO:{when}"],
            1 => [$"fsync:error=EIO:{when}", $"fdatasync:error=EIO:{when}"],
            2 => [$"pwrite64:error=EIO:{when}", "openat:error=EIO:when=1"],
            3 => [$"pwrite64:error=ENOSPC:{when}"],
            _ => [$"pwrite64:error=EIO:{when}", "ftruncate:error=EIO:when=1"],
        };
    }

    private static async Task BreakAsync(KillHouse house, ProgramRun engine, string[] faults)
    {
        await using var broken = await SystemCalls.BreakAsync(engine.Id, Path.Combine(house.Data, "..", "trace"), Files(house), faults);
        await Eventually.HoldsAsync(() => engine.HasExited || broken.HasBroken(), "the call has failed");
        await broken.MendAsync();
    }

    // While it lasts, no webhook is taken, nothing is sent, and the engine lives. What was on its way at the beginning is over after a second.
    private async Task HoldAsync(KillHouse house, ProgramRun engine)
    {
        Assert.True(await house.TakesNoneAsync(TimeSpan.FromSeconds(1)) || await house.TakesNoneAsync(TimeSpan.FromSeconds(1)));
        var notes = house.Notes;
        Assert.True(await house.TakesNoneAsync(_hold));
        Assert.Equal(notes, house.Notes);
        Assert.False(engine.HasExited);
    }

    private async Task HealsAsync(KillHouse house, ProgramRun engine, TimeSpan? within = null)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await house.TakesAgainAsync(engine, within ?? Healing);
        Assert.False(engine.HasExited, engine.Error);
        output.WriteLine($"webhooks were taken {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.0} s after it was over");
    }

    private static async Task StopAsync(ProgramRun engine)
    {
        await engine.TerminateAsync();
        Assert.Equal(0, await engine.ExitCodeAsync());
    }

    private static IEnumerable<string> Files(KillHouse house) =>
        Endings.Select(ending => Path.GetFullPath(Path.Combine(house.Data, $"automations.{ending}")));

    private static int Told(ProgramRun engine, string sentence) => engine.Output.Split(sentence).Length - 1;
}
