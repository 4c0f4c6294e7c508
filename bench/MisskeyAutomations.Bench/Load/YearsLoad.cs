using System.Diagnostics;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Storage;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What years cost: the engine with a million stored events, and with many waiting runs, beside the same engine with a store that is
/// nearly empty, in alternating rounds.
/// </summary>
internal static class YearsLoad
{
    private const int Events = 1_000_000;
    private const int DueSoon = 3_000;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-years-").FullName;
        try
        {
            Report.Line($"{options.Rounds} rounds of {options.Seconds} s each, {options.Connections} connections; fsync p50 {Report.FsyncMilliseconds(directory):0.00} ms, load {Report.LoadAverage()}");
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, JournalCapacity = 1 }, CancellationToken.None);
            var owner = misskey.World.AddAccount(Servers.Account);
            var young = Path.Combine(directory, "young");
            await MakeModelAsync(young, misskey, owner);
            var idle = await MeasureStartAsync("a store with one event", young, misskey, owner);
            var busy = await MeasureWaitingAsync(directory, young, DueSoon, DueSoon, idle, misskey, owner);
            Report.Line($"  memory after they were done {busy:0} MiB");
            var burdened = await MeasureWaitingAsync(directory, young, 100_000, DueSoon, idle, misskey, owner);
            Report.Line($"  memory after they were done {burdened:0} MiB, {burdened - busy:+0;-0} on that with none behind them (needed: +64)");
            await MeasureWaitingAsync(directory, young, 1_000_000, 0, idle, misskey, owner);
            await MeasureEventsAsync(directory, young, options, misskey, owner);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // One event, and one run that waits.
    private static async Task MakeModelAsync(string directory, SandboxServer misskey, Person owner)
    {
        Directory.CreateDirectory(directory);
        using var engine = await StartAsync(directory, misskey, owner);
        var author = misskey.World.AddAccount("patient");
        using var connection = await Connection.OpenAsync(engine.Port);
        await connection.SendAsync(EventMix.MentionRequest(misskey.World, owner, author, "in a while"));
        var data = Path.Combine(directory, "data");
        while (!HasWaiting(data))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static bool HasWaiting(string data)
    {
        using var readers = RecordedStore.Open(data);
        return new RunQueries(readers).CountWaiting().Count > 0;
    }

    private static async Task<double> MeasureStartAsync(string what, string directory, SandboxServer misskey, Person owner)
    {
        var started = Stopwatch.GetTimestamp();
        using var engine = await StartAsync(directory, misskey, owner);
        var ready = Stopwatch.GetElapsedTime(started);
        await Task.Delay(Settles, TimeProvider.System);
        Report.Line($"{what}: start to ready {ready.TotalMilliseconds:0} ms, memory {engine.ResidentMemory:0} MiB, load {Report.LoadAverage()}");
        return engine.ResidentMemory;
    }

    // Whoever waits costs memory when the engine starts; what falls due costs some, whoever waits beside it. The memory at the end.
    private static async Task<double> MeasureWaitingAsync(string directory, string young, int count, int dueSoon, double idle, SandboxServer misskey, Person owner)
    {
        var old = Copy(young, Path.Combine(directory, $"waiting-{count}"));
        var data = Path.Combine(old, "data");
        var from = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20 + (count / 20_000));
        OldStores.AddWaiting(data, count, dueSoon, from, Apart);
        var started = Stopwatch.GetTimestamp();
        double atEnd;
        using (var engine = await StartAsync(old, misskey, owner))
        {
            var ready = Stopwatch.GetElapsedTime(started);
            await Task.Delay(Settles, TimeProvider.System);
            Report.Line($"{count} waiting runs: start to ready {ready.TotalMilliseconds:0} ms (needed: 3,000), memory {engine.ResidentMemory:0} MiB, {engine.ResidentMemory - idle:+0;-0} (needed: +64), load {Report.LoadAverage()}");
            var over = from + (dueSoon * Apart) + Settles - TimeProvider.System.GetUtcNow();
            await Task.Delay(dueSoon > 0 && over > TimeSpan.Zero ? over : TimeSpan.Zero, TimeProvider.System);
            atEnd = engine.ResidentMemory;
        }

        if (dueSoon > 0)
        {
            var late = OldStores.Lateness(data, dueSoon, from, Apart);
            Report.Line($"  of {dueSoon} that fell due, {late.Count} were done; late p50 {late.ElementAtOrDefault(late.Count / 2):0} ms, p99 {late.ElementAtOrDefault(late.Count * 99 / 100):0} ms (needed: 1,000)");
        }

        Directory.Delete(old, recursive: true);
        return atEnd;
    }

    private static async Task MeasureEventsAsync(string directory, string young, LoadOptions options, SandboxServer misskey, Person owner)
    {
        var old = Copy(young, Path.Combine(directory, "events"));
        OldStores.AddEvents(Path.Combine(old, "data"), Events, TimeProvider.System.GetUtcNow());
        Report.Line($"{Events} events: {new FileInfo(Path.Combine(old, "data", "automations.db")).Length / 1048576.0:0} MiB");
        await MeasureStartAsync($"{Events} events (needed: 3,000 ms)", old, misskey, owner);
        MeasureLists(Path.Combine(old, "data"));
        using var few = await StartAsync(young, misskey, owner);
        using var many = await StartAsync(old, misskey, owner);
        foreach (var engine in (ServerProcess[])[few, many])
        {
            await ClosedLoop.RunAsync(engine.Port, options.Connections, TimeSpan.FromSeconds(10));
        }

        var costs = new List<(double Few, double Many)>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            var (one, other) = (await LoadAsync(few, options), await LoadAsync(many, options));
            costs.Add((one, other));
            Report.Line($"round {round}: {one:0} ms of the processor per 1,000 accepted with few events, {other:0} with many, {other / one:0.00}");
        }

        var (median, least) = (costs.Select(cost => cost.Many / cost.Few).Order().ElementAt(costs.Count / 2), costs.Min(cost => cost.Many) / costs.Min(cost => cost.Few));
        Report.Line($"processor per accepted event, many to few: median {median:0.00}, least of each {least:0.00} (needed: 1.1), load {Report.LoadAverage()}");
    }

    private static void MeasureLists(string data)
    {
        using var readers = RecordedStore.Open(data);
        var (events, runs) = (new EventQueries(readers), new RunQueries(readers));
        events.ListNewest(1);
        var newest = Costs.Time(() => runs.Of([.. events.ListNewest(20).Select(recorded => recorded.Number)]));
        var one = Costs.Time(() => events.Find($"{Events / 2}"));
        var note = Costs.Time(() => events.Find("atxocodnnxg80040"));
        Report.Line($"why: the newest 20 in {newest.Clock:0.0} ms, one by its number in {one.Clock:0.0} ms, one by a note that is not there (all are looked through) in {note.Clock:0} ms");
    }

    private static async Task<double> LoadAsync(ServerProcess engine, LoadOptions options)
    {
        var before = engine.ProcessorTime;
        var result = await ClosedLoop.RunAsync(engine.Port, options.Connections, TimeSpan.FromSeconds(options.Seconds));
        return (engine.ProcessorTime - before).TotalMilliseconds * 1_000 / result.Accepted;
    }

    private static Task<ServerProcess> StartAsync(string directory, SandboxServer misskey, Person owner) =>
        ServerProcess.StartAsync("engine", directory, misskey.Url.ToString(), owner.Token);

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "data"));
        File.Copy(Path.Combine(from, "data", "automations.db"), Path.Combine(to, "data", "automations.db"));
        return to;
    }
}
