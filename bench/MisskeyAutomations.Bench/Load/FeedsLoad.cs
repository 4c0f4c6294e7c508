using System.Diagnostics;
using MisskeyAutomations.Sandbox;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What open pages cost: the processor time of the engine for each accepted webhook, and its memory, with 500 pages that update by themselves beside the
/// same without any, in rounds that alternate on one engine under a steady rate.
/// </summary>
internal static class FeedsLoad
{
    private const int Feeds = 500;
    private const int PerSecond = 500;
    private const double MostCost = 1.2;
    private const double MostMemory = 64;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-feeds-").FullName;
        try
        {
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false }, CancellationToken.None);
            var dashboard = new Uri($"http://127.0.0.1:{Servers.FreePort()}");
            using var engine = await ServerProcess.StartAsync("engine", directory, misskey.Url.AbsoluteUri, misskey.World.AddAccount(Servers.Account).Token, "", dashboard.AbsoluteUri);
            Report.Line($"{Feeds} feeds, {PerSecond} webhooks a second on {options.Connections} connections, {options.Rounds} rounds of {options.Seconds} s each; load {Report.LoadAverage()}");
            await LoadAsync(engine, options);
            using var browser = await Browser.SignInAsync(dashboard);
            var rounds = new List<(double Cost, double Memory)>();
            Report.Line($"round   none ms  feeds ms  ratio    none MiB  feeds MiB   told KiB/s of each feed (processor ms per 1,000 webhooks)");
            for (var round = 1; round <= options.Rounds; round++)
            {
                var (without, least) = await MeasureAsync(engine, options);
                var feeds = await Task.WhenAll(Enumerable.Range(0, Feeds).Select(_ => Feed.OpenAsync(browser)));
                await Task.Delay(Settling, TimeProvider.System);
                var heard = feeds.Sum(feed => feed.Heard);
                var (with, most) = await MeasureAsync(engine, options);
                heard = feeds.Sum(feed => feed.Heard) - heard;
                foreach (var feed in feeds)
                {
                    await feed.DisposeAsync();
                }

                await Task.Delay(Settling, TimeProvider.System);
                rounds.Add((with / without, most - least));
                Report.Line($"{round,5} {without,9:0} {with,9:0} {with / without,6:0.00} {least,11:0} {most,10:0} {heard / 1024.0 / Feeds / options.Seconds,10:0.0}");
            }

            Report.Line($"median of the costs with feeds to those without: {Report.Median(rounds.Select(round => round.Cost)):0.00} (needed: {MostCost:0.0}); more memory: {Report.Median(rounds.Select(round => round.Memory)):0} MiB (needed: {MostMemory:0}); load {Report.LoadAverage()}");
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(double Cost, double Memory)> MeasureAsync(ServerProcess engine, LoadOptions options)
    {
        var before = engine.ProcessorTime;
        var accepted = await LoadAsync(engine, options);
        return ((engine.ProcessorTime - before).TotalMilliseconds * 1_000 / accepted, engine.ResidentMemory);
    }

    private static async Task<long> LoadAsync(ServerProcess engine, LoadOptions options)
    {
        var (began, sent) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(async _ =>
        {
            using var connection = await Connection.OpenAsync(engine.Port);
            var request = new NoteRequest(Servers.Account, Servers.Secret);
            while (Interlocked.Increment(ref sent) is var number && TimeSpan.FromSeconds((double)number / PerSecond) is var due && due.TotalSeconds < options.Seconds)
            {
                var early = due - Stopwatch.GetElapsedTime(began);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, TimeProvider.System);
                }

                await connection.SendAsync(request.Fresh());
            }
        }));
        return sent - options.Connections;
    }

    // A page that listens, and counts what it is told.
    private sealed class Feed : IAsyncDisposable
    {
        private readonly HttpResponseMessage _answer;
        private readonly CancellationTokenSource _closing = new();
        private readonly Task _listening;

        private Feed(HttpResponseMessage answer, Stream stream) => (_answer, _listening) = (answer, ListenAsync(stream));

        public long Heard { get; private set; }

        public static async Task<Feed> OpenAsync(HttpClient browser)
        {
            var answer = await browser.GetAsync(new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            return new(answer, await answer.Content.ReadAsStreamAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await _listening;
            _answer.Dispose();
            _closing.Dispose();
        }

        private async Task ListenAsync(Stream stream)
        {
            var buffer = new byte[32_768];
            try
            {
                while (await stream.ReadAsync(buffer, _closing.Token) is > 0 and var read)
                {
                    Heard += read;
                }
            }
            catch (Exception trouble) when (trouble is IOException or OperationCanceledException)
            {
                // It was closed.
            }
        }
    }
}
