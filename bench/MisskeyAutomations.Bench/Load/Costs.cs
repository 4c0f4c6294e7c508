using System.Diagnostics;
using System.Globalization;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Milliseconds by the clock, and of the processor.</summary>
internal sealed record Cost(double Clock, double Processor);

/// <summary>Of several rounds: what a busy machine did meanwhile is in neither the best nor the processor's time.</summary>
internal sealed record Measure(double Best, double Median, double Processor);

/// <summary>Measures what single things cost, in rounds.</summary>
internal static class Costs
{
    public static async Task<Measure> MeasureAsync(Func<Task<Cost>> measure, int rounds)
    {
        var costs = new List<Cost>();
        for (var round = 0; round < rounds; round++)
        {
            costs.Add(await measure());
        }

        double[] clock = [.. costs.Select(cost => cost.Clock).Order()];
        return new(clock[0], clock[clock.Length / 2], costs.Min(cost => cost.Processor));
    }

    public static Cost Time(Action work)
    {
        var (began, spent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return new(Stopwatch.GetElapsedTime(began).TotalMilliseconds, (Environment.CpuUsage.TotalTime - spent).TotalMilliseconds);
    }

    /// <summary>A command of the program, from its start to its end, which must be a good one.</summary>
    public static async Task<Cost> OfCommandAsync(params IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MisskeyAutomations.dll");
        var (clock, spent) = (Stopwatch.StartNew(), OfChildren());
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? new(clock.Elapsed.TotalMilliseconds, OfChildren() - spent)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
    }

    public static void Tell(string what, Measure time, string remark) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: best {time.Best:F2} ms, median {time.Median:F2} ms, processor {time.Processor:F0} ms; {remark}"));

    // What the processes that ended have spent, which .NET does not tell: utime and stime of waited-for children, in hundredths of a second.
    private static double OfChildren()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        return 10 * (double.Parse(fields[13], CultureInfo.InvariantCulture) + double.Parse(fields[14], CultureInfo.InvariantCulture));
    }
}
