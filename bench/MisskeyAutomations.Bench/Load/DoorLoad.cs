namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What durability costs at the door: how many deliveries a second are accepted, as a share of what a bare endpoint answers on the same
/// machine at the same time, and how many there would be with a commit for each.
/// </summary>
internal static class DoorLoad
{
    // Until hot code is compiled for good: before that, half of the processor's time is the compiler's.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-load-").FullName;
        try
        {
            Report.Line($"{options.Connections} connections, {options.Rounds} rounds of {options.Seconds} s each, bodies of 3,000 bytes; fsync p50 {Report.FsyncMilliseconds(directory):0.00} ms, load {Report.LoadAverage()}");
            using var bare = await ServerProcess.StartAsync("bare");
            using var door = await ServerProcess.StartAsync("door", Path.Combine(directory, "door"));
            using var single = await ServerProcess.StartAsync("door-single", Path.Combine(directory, "single"));
            await MeasureAsync(options, bare, door, single);
            if (options.Store is { } store)
            {
                using var shared = await ServerProcess.StartAsync("door", Path.Combine(directory, "shared"), store);
                await CompareAsync(options, door, shared);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(LoadOptions options, ServerProcess bare, ServerProcess door, ServerProcess single)
    {
        foreach (var server in (ServerProcess[])[bare, door, single])
        {
            await ClosedLoop.RunAsync(server.Port, options.Connections, WarmUp);
        }

        var rounds = new List<Round>();
        Report.Line($"round   bare/s   door/s  share  p50 ms  p99 ms  single/s  group/single  bare cpu  door cpu (ms per 1,000)");
        for (var i = 1; i <= options.Rounds; i++)
        {
            var round = new Round(await LoadAsync(bare, options), await LoadAsync(door, options), await LoadAsync(single, options));
            rounds.Add(round);
            Report.Line($"{i,5} {round.Bare.PerSecond,8:0} {round.Door.PerSecond,8:0} {round.Share,6:0.00} {round.Door.P50,7:0.00} {round.Door.P99,7:0.0} {round.Single.PerSecond,9:0} {round.Gain,13:0.0} {round.Bare.ProcessorMilliseconds,9:0} {round.Door.ProcessorMilliseconds,9:0}");
        }

        Report.Line($"median share of the bare endpoint: {Median(rounds, round => round.Share):0.00} (needed: {(options.Connections >= 256 ? 0.35 : 0.25):0.00})");
        Report.Line($"median gain over one commit per request: {Median(rounds, round => round.Gain):0.0} (needed: 8)");
        Report.Line($"processor per request, door to bare endpoint, least of each: {rounds.Min(round => round.Door.ProcessorMilliseconds) / rounds.Min(round => round.Bare.ProcessorMilliseconds):0.0}");
        Report.Line($"accepted/s {Median(rounds, round => round.Door.PerSecond):0}, p50 {Median(rounds, round => round.Door.P50):0.00} ms, p99 {Median(rounds, round => round.Door.P99):0.0} ms, memory {door.ResidentMemory:0} MiB (bare {bare.ResidentMemory:0} MiB)");
    }

    private static async Task CompareAsync(LoadOptions options, ServerProcess door, ServerProcess shared)
    {
        await ClosedLoop.RunAsync(shared.Port, options.Connections, WarmUp);
        var ratios = new List<double>();
        Report.Line($"round  SQLite/s  PostgreSQL/s  ratio  p50 ms  p99 ms");
        for (var i = 1; i <= options.Rounds; i++)
        {
            var (embedded, server) = (await LoadAsync(door, options), await LoadAsync(shared, options));
            ratios.Add(server.PerSecond / embedded.PerSecond);
            Report.Line($"{i,5} {embedded.PerSecond,9:0} {server.PerSecond,13:0} {ratios[^1],6:0.00} {server.P50,7:0.00} {server.P99,7:0.0}");
        }

        Report.Line($"median of PostgreSQL to SQLite: {ratios.Order().ElementAt(ratios.Count / 2):0.00}");
    }

    private static async Task<Measured> LoadAsync(ServerProcess server, LoadOptions options)
    {
        var before = server.ProcessorTime;
        var result = await ClosedLoop.RunAsync(server.Port, options.Connections, TimeSpan.FromSeconds(options.Seconds));
        var used = server.ProcessorTime - before;
        return new(result.PerSecond, result.Latencies.Percentile(0.5), result.Latencies.Percentile(0.99), used.TotalMilliseconds * 1_000 / result.Accepted);
    }

    private static double Median(List<Round> rounds, Func<Round, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private sealed record Measured(double PerSecond, double P50, double P99, double ProcessorMilliseconds);

    private sealed record Round(Measured Bare, Measured Door, Measured Single)
    {
        public double Share => Door.PerSecond / Bare.PerSecond;

        public double Gain => Door.PerSecond / Single.PerSecond;
    }
}
