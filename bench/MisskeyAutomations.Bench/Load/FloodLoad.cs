using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// Ten thousand webhooks a second, all with the right secret: what was really offered, what was accepted and is on the disk, what was put
/// off, and how the process and its health fared meanwhile; as it is set up, and with the turnstile open so that the store is the limit.
/// </summary>
internal static class FloodLoad
{
    private const int Rate = 10_000;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        Report.Line($"{Rate} a second offered for {options.Seconds} s on {options.Connections} connections, bodies of 3,000 bytes; load {Report.LoadAverage()}");
        Report.Line($"server        offered/s  accepted/s  put off/s  others  p99 accepted  p99 put off  healthz p99 (ms)  peak MiB  lost");
        foreach (var role in (string[])["door-guarded", "door"])
        {
            await RunAsync(role, options);
        }

        return 0;
    }

    private static async Task RunAsync(string role, LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-flood-").FullName;
        try
        {
            var tally = new Tally();
            double peak = 0;
            using (var server = await ServerProcess.StartAsync(role, directory))
            {
                using var end = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds));
                var senders = Enumerable.Range(0, options.Connections).Select(number => Task.Run(() => SendAsync(server.Port, number, options, tally, end.Token)));
                await Task.WhenAll([.. senders, Task.Run(() => AskHealthAsync(server.Port, tally, end.Token)), Task.Run(async () =>
                {
                    while (!end.IsCancellationRequested)
                    {
                        peak = Math.Max(peak, server.ResidentMemory);
                        await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
                    }
                })]);
            }

            var (accepted, putOff, others) = (Interlocked.Read(ref tally.Accepted), Interlocked.Read(ref tally.PutOff), Interlocked.Read(ref tally.Others));
            var stored = await CountAsync(directory, accepted);
            Report.Line($"{role,-12} {(accepted + putOff + others) / (double)options.Seconds,10:0} {accepted / (double)options.Seconds,11:0} {putOff / (double)options.Seconds,10:0} {others,7} {tally.AcceptedIn.Percentile(0.99),13:0.0} {tally.PutOffIn.Percentile(0.99),12:0.0} {tally.HealthIn.Percentile(0.99),17:0.0} {peak,9:0} {accepted - stored,5}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Each connection sends at its own fixed times; one that is behind sends at once.
    private static async Task SendAsync(int port, int number, LoadOptions options, Tally tally, CancellationToken end)
    {
        var request = new NoteRequest(Servers.Account, Servers.Secret);
        var interval = TimeSpan.FromSeconds((double)options.Connections / Rate);
        var started = Stopwatch.GetTimestamp();
        var due = interval * ((double)number / options.Connections);
        using var connection = await Connection.OpenAsync(port);
        for (; !end.IsCancellationRequested; due += interval)
        {
            if (due - Stopwatch.GetElapsedTime(started) is { TotalMilliseconds: > 1 } early)
            {
                await Task.Delay(early, TimeProvider.System, CancellationToken.None);
            }

            var begin = Stopwatch.GetTimestamp();
            var status = await connection.AskAsync(request.Fresh());
            var took = Stopwatch.GetElapsedTime(begin);
            switch (status)
            {
                case 204:
                    Interlocked.Increment(ref tally.Accepted);
                    tally.AcceptedIn.Add(took);
                    break;
                case 503:
                    Interlocked.Increment(ref tally.PutOff);
                    tally.PutOffIn.Add(took);
                    break;
                default:
                    Interlocked.Increment(ref tally.Others);
                    break;
            }
        }
    }

    private static async Task AskHealthAsync(int port, Tally tally, CancellationToken end)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (!end.IsCancellationRequested)
        {
            var begin = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri("/healthz", UriKind.Relative), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            tally.HealthIn.Add(Stopwatch.GetElapsedTime(begin));
            await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
        }
    }

    // What is in the store once the process is gone; waits for no more than was accepted.
    private static async Task<long> CountAsync(string directory, long accepted)
    {
        const int Page = 10_000;
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddStorage(store => store.DataDirectory = directory).BuildServiceProvider();
        var inbox = services.GetRequiredService<IInbox>();
        var (count, last) = (0L, 0L);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            while (count < accepted)
            {
                var page = await inbox.TakeAsync(last, Page, patience.Token);
                (count, last) = (count + page.Count, page[^1].Id);
            }
        }
        catch (OperationCanceledException)
        {
            // The rest is not there.
        }

        return count;
    }

    private sealed class Tally
    {
        public long Accepted;
        public long PutOff;
        public long Others;

        public Latencies AcceptedIn { get; } = new();

        public Latencies PutOffIn { get; } = new();

        public Latencies HealthIn { get; } = new();
    }
}
