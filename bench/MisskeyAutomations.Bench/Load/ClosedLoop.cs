using System.Diagnostics;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Connections that each send a request, wait for its answer and send the next, over plain sockets.</summary>
internal static class ClosedLoop
{
    /// <summary>Loads the server for a while.</summary>
    public static async Task<LoadResult> RunAsync(int port, int connections, TimeSpan length)
    {
        var latencies = new Latencies();
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(port, started, length, latencies))));
        return new(counts.Sum(), Stopwatch.GetElapsedTime(started), latencies);
    }

    private static async Task<long> LoopAsync(int port, long started, TimeSpan length, Latencies latencies)
    {
        using var connection = await Connection.OpenAsync(port);
        var request = new NoteRequest(Servers.Account, Servers.Secret);
        var count = 0L;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            var sent = Stopwatch.GetTimestamp();
            await connection.SendAsync(request.Fresh());
            latencies.Add(Stopwatch.GetElapsedTime(sent));
            count++;
        }

        return count;
    }
}

/// <summary>What a round gave.</summary>
internal sealed record LoadResult(long Accepted, TimeSpan Elapsed, Latencies Latencies)
{
    public double PerSecond => Accepted / Elapsed.TotalSeconds;
}
