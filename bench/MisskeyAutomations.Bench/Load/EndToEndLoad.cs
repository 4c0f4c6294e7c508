using System.Diagnostics;
using MisskeyAutomations.Sandbox;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// The whole way: webhooks in, rules, calls out to a stand-in Misskey in this process. Beside it a bare endpoint takes the same requests
/// in alternating rounds.
/// </summary>
internal static class EndToEndLoad
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(EndToEndOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-e2e-").FullName;
        try
        {
            Report.Line($"mix {options.Mix}, {(options.Rate > 0 ? $"{options.Rate} events/s offered" : "closed loop")}, {options.Connections} connections, {options.Rounds} rounds of {options.Seconds} s; fsync p50 {Report.FsyncMilliseconds(directory):0.00} ms, load {Report.LoadAverage()}");
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, JournalCapacity = 1 }, CancellationToken.None);
            var owner = misskey.World.AddAccount(Servers.Account);
            var started = Stopwatch.GetTimestamp();
            using var engine = await ServerProcess.StartAsync("engine", directory, misskey.Url.ToString(), owner.Token);
            var ready = Stopwatch.GetElapsedTime(started);
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None);
            Report.Line($"start to ready {ready.TotalMilliseconds:0} ms, idle memory {engine.ResidentMemory:0} MiB");
            using var bare = await ServerProcess.StartAsync("bare");
            await MeasureAsync(options, engine, bare, misskey, owner);
            if (options.Store is { } store)
            {
                var beside = Directory.CreateDirectory(Path.Combine(directory, "shared")).FullName;
                using var shared = await ServerProcess.StartAsync("engine", beside, misskey.Url.ToString(), owner.Token, store);
                await CompareAsync(options, engine, shared, misskey, owner);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(
        EndToEndOptions options, ServerProcess engine, ServerProcess bare, SandboxServer misskey, Sandbox.Model.Account owner)
    {
        await RoundAsync(options, WarmUp, engine, misskey, owner);
        var rounds = new List<Figures>();
        Report.Line($"round  bare/s  accepted/s  share  http p50  http p99  calls/s  event→call p50  p99 (ms)  lost  twice  cpu ms per 1,000  MiB");
        for (var i = 1; i <= options.Rounds; i++)
        {
            var bareRate = options.Rate > 0 ? double.NaN : (await ClosedLoop.RunAsync(bare.Port, options.Connections, TimeSpan.FromSeconds(options.Seconds))).PerSecond;
            var figures = await RoundAsync(options, TimeSpan.FromSeconds(options.Seconds), engine, misskey, owner) with { Bare = bareRate };
            rounds.Add(figures);
            Report.Line($"{i,5} {figures.Bare,7:0} {figures.Accepted,11:0} {figures.Accepted / figures.Bare,6:0.00} {figures.HttpP50,9:0.0} {figures.HttpP99,9:0.0} {figures.Calls,8:0} {figures.CallP50,15:0.0} {figures.CallP99,9:0.0} {figures.Lost,5} {figures.Twice,6} {figures.Processor,17:0} {figures.Memory,4:0}");
        }

        Report.Line($"medians: accepted/s {Median(figures => figures.Accepted):0}, share {Median(figures => figures.Accepted / figures.Bare):0.00}, calls/s {Median(figures => figures.Calls):0}, event→call p50 {Median(figures => figures.CallP50):0.0} ms, p99 {Median(figures => figures.CallP99):0.0} ms; lost {rounds.Sum(figures => figures.Lost)}, twice {rounds.Sum(figures => figures.Twice)}");

        double Median(Func<Figures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
    }

    private static async Task CompareAsync(
        EndToEndOptions options, ServerProcess engine, ServerProcess shared, SandboxServer misskey, Sandbox.Model.Account owner)
    {
        await RoundAsync(options, WarmUp, shared, misskey, owner);
        var rounds = new List<(Figures Embedded, Figures Server)>();
        Report.Line($"round  SQLite: accepted/s  calls/s  PostgreSQL: accepted/s  calls/s  event→call p50  p99 (ms)  lost  twice");
        for (var i = 1; i <= options.Rounds; i++)
        {
            var embedded = await RoundAsync(options, TimeSpan.FromSeconds(options.Seconds), engine, misskey, owner);
            var server = await RoundAsync(options, TimeSpan.FromSeconds(options.Seconds), shared, misskey, owner);
            rounds.Add((embedded, server));
            Report.Line($"{i,5} {embedded.Accepted,19:0} {embedded.Calls,8:0} {server.Accepted,23:0} {server.Calls,8:0} {server.CallP50,15:0.0} {server.CallP99,9:0.0} {server.Lost,5} {server.Twice,6}");
        }

        Report.Line($"medians of PostgreSQL to SQLite: accepted {Median(round => round.Server.Accepted / round.Embedded.Accepted):0.00}, calls {Median(round => round.Server.Calls / round.Embedded.Calls):0.00}, event→call p50 {Median(round => round.Server.CallP50 / round.Embedded.CallP50):0.0}");

        double Median(Func<(Figures Embedded, Figures Server), double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
    }

    private static async Task<Figures> RoundAsync(EndToEndOptions options, TimeSpan length, ServerProcess engine, SandboxServer misskey, Sandbox.Model.Account owner)
    {
        var watch = new CallWatch();
        var mix = new EventMix(options.Mix, misskey.World, owner, watch);
        misskey.World.Called += watch.Take;
        var (processor, started, latencies) = (engine.ProcessorTime, Stopwatch.GetTimestamp(), new Latencies());
        var counts = await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(number => Task.Run(() => DriveAsync(options, number, engine.Port, started, length, mix, watch, latencies))));
        var loaded = Stopwatch.GetElapsedTime(started);
        while (watch.Missing > 0 && Stopwatch.GetElapsedTime(started) < loaded + DrainAtMost)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        // A call that comes twice comes a little later.
        var drained = Stopwatch.GetElapsedTime(started);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
        misskey.World.Called -= watch.Take;
        var accepted = counts.Sum();
        return new Figures
        {
            Accepted = accepted / loaded.TotalSeconds,
            HttpP50 = latencies.Percentile(0.5),
            HttpP99 = latencies.Percentile(0.99),
            Calls = watch.Calls / drained.TotalSeconds,
            CallP50 = watch.Latencies.Percentile(0.5),
            CallP99 = watch.Latencies.Percentile(0.99),
            Lost = watch.Missing,
            Twice = watch.Twice,
            Processor = (engine.ProcessorTime - processor).TotalMilliseconds * 1_000 / accepted,
            Memory = engine.ResidentMemory,
        };
    }

    // With a rate, each connection sends at its own fixed times, whether or not the answers keep up; latencies count from those times.
    internal static async Task<long> DriveAsync(
        EndToEndOptions options, int number, int port, long started, TimeSpan length, EventMix mix, CallWatch watch, Latencies latencies)
    {
        using var connection = await Connection.OpenAsync(port);
        var note = new NoteRequest(Servers.Account, Servers.Secret);
        var interval = options.Rate > 0 ? TimeSpan.FromSeconds((double)options.Connections / options.Rate) : TimeSpan.Zero;
        var due = interval * ((double)number / options.Connections);
        var count = 0L;
        for (; due < length && Stopwatch.GetElapsedTime(started) < length; count++, due += interval)
        {
            if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, TimeProvider.System, CancellationToken.None);
            }

            var (request, expected) = mix.Next(note);
            var from = interval > TimeSpan.Zero ? due : Stopwatch.GetElapsedTime(started);
            await connection.SendAsync(request);
            latencies.Add(Stopwatch.GetElapsedTime(started) - from);
            if (expected is not null)
            {
                watch.Accepted(expected);
            }
        }

        return count;
    }

    private sealed record Figures
    {
        public double Bare { get; init; }

        public required double Accepted { get; init; }

        public required double HttpP50 { get; init; }

        public required double HttpP99 { get; init; }

        public required double Calls { get; init; }

        public required double CallP50 { get; init; }

        public required double CallP99 { get; init; }

        public required int Lost { get; init; }

        public required int Twice { get; init; }

        public required double Processor { get; init; }

        public required double Memory { get; init; }
    }
}
