namespace MisskeyAutomations.Bench.Load;

/// <summary>What telemetry costs at the door, where it is wanted and where it is not: every request is a trace, and all goes to a collector by OTLP.</summary>
internal static class TelemetryLoad
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-load-").FullName;
        try
        {
            Report.Line($"{options.Connections} connections, {options.Rounds} rounds of {options.Seconds} s each; load {Report.LoadAverage()}");
            using var collector = await ServerProcess.StartAsync("bare");
            using var silent = await ServerProcess.StartAsync("door", Path.Combine(directory, "silent"));
            using var metered = await ServerProcess.StartAsync("door", Path.Combine(directory, "metered"), "", "metrics");
            using var told = await ServerProcess.StartAsync("door", Path.Combine(directory, "told"), "", $"http://127.0.0.1:{collector.Port}");
            await MeasureAsync(options, silent, metered, told);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(LoadOptions options, ServerProcess silent, ServerProcess metered, ServerProcess told)
    {
        foreach (var server in (ServerProcess[])[silent, metered, told])
        {
            await ClosedLoop.RunAsync(server.Port, options.Connections, WarmUp);
        }

        var rounds = new List<(double Silent, double Metered, double Told)>();
        Report.Line($"round  off  metrics  all (processor ms per 1,000 requests)");
        for (var i = 1; i <= options.Rounds; i++)
        {
            var round = (Silent: await CostAsync(silent, options), Metered: await CostAsync(metered, options), Told: await CostAsync(told, options));
            rounds.Add(round);
            Report.Line($"{i,5} {round.Silent,4:0} {round.Metered,8:0} {round.Told,4:0}");
        }

        Report.Line($"median of metrics to off: {Report.Median(rounds.Select(round => round.Metered / round.Silent)):0.00} (hoped: 1.05)");
        Report.Line($"median of metrics and traces of every request to off: {Report.Median(rounds.Select(round => round.Told / round.Silent)):0.00}");
        Report.Line($"memory {silent.ResidentMemory:0} MiB off, {metered.ResidentMemory:0} MiB with metrics, {told.ResidentMemory:0} MiB with all");
    }

    private static async Task<double> CostAsync(ServerProcess server, LoadOptions options)
    {
        var before = server.ProcessorTime;
        var result = await ClosedLoop.RunAsync(server.Port, options.Connections, TimeSpan.FromSeconds(options.Seconds));
        return (server.ProcessorTime - before).TotalMilliseconds * 1_000 / result.Accepted;
    }
}
