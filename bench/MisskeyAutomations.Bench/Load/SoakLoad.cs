using System.Diagnostics;
using System.Globalization;
using MisskeyAutomations.Sandbox;

namespace MisskeyAutomations.Bench.Load;

/// <summary>The whole engine at a steady rate for long: whether its memory grows, and whether an event is lost or done twice.</summary>
internal static class SoakLoad
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] options)
    {
        var (minutes, rate) = Parse(options);
        var directory = Directory.CreateTempSubdirectory("automations-soak-").FullName;
        try
        {
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, JournalCapacity = 1 }, CancellationToken.None);
            var owner = misskey.World.AddAccount(Servers.Account);
            using var engine = await ServerProcess.StartAsync("engine", directory, misskey.Url.ToString(), owner.Token);
            Report.Line($"{rate} events/s for {minutes} min, one in ten makes a call; load {Report.LoadAverage()}");
            await SoakAsync(TimeSpan.FromMinutes(minutes), rate, engine, misskey, owner);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task SoakAsync(TimeSpan length, int rate, ServerProcess engine, SandboxServer misskey, Sandbox.Model.Account owner)
    {
        var (watch, started, latencies) = (new CallWatch(), Stopwatch.GetTimestamp(), new Latencies());
        var mix = new EventMix("mixed", misskey.World, owner, watch);
        misskey.World.Called += watch.Take;
        var options = new EndToEndOptions { Rate = rate, Connections = 8 };
        var driving = Task.WhenAll(Enumerable.Range(0, options.Connections).Select(number => Task.Run(() => EndToEndLoad.DriveAsync(options, number, engine.Port, started, length, mix, watch, latencies))));
        var samples = new List<(double Minutes, double Memory)>();
        while (!driving.IsCompleted)
        {
            await Task.WhenAny(driving, Task.Delay(Sample, TimeProvider.System));
            samples.Add((Stopwatch.GetElapsedTime(started).TotalMinutes, engine.ResidentMemory));
            Report.Line($"{samples[^1].Minutes,5:0.0} min  {samples[^1].Memory,4:0} MiB  calls {watch.Calls}  lost so far {watch.Missing}  load {Report.LoadAverage()}");
        }

        var accepted = (await driving).Sum();
        var loaded = Stopwatch.GetTimestamp();
        while (watch.Missing > 0 && Stopwatch.GetElapsedTime(loaded) < DrainAtMost)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);

        // What a process needs to be warm is no growth: the first third is left out.
        var warm = samples.Where(sample => sample.Minutes >= length.TotalMinutes / 3).ToList();
        Report.Line($"accepted {accepted}, calls {watch.Calls}, lost {watch.Missing}, twice {watch.Twice}; memory grows by {10 * Slope(warm):0.0} MiB per 10 min (needed: 2); load {Report.LoadAverage()}");
    }

    // The straight line that lies nearest to the samples.
    private static double Slope(List<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }

    private static (int Minutes, int Rate) Parse(string[] options)
    {
        var (minutes, rate) = (30, 50);
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            var value = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
            (minutes, rate) = options[i] switch
            {
                "--minutes" => (value, rate),
                "--rate" => (minutes, value),
                var unknown => throw new ArgumentException($"There is no option {unknown}.", nameof(options)),
            };
        }

        return (minutes, rate);
    }
}
