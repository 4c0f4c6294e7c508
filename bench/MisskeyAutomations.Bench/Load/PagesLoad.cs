using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>What lists, searches and charts take with a million stored events: asked in the engine, over the API, and as pages in a browser.</summary>
internal static class PagesLoad
{
    private const int Events = 1_000_000;
    private const int Times = 200;
    private const int PageSize = 50;
    private const double Needed = 50;
    private const int LargestPage = 100_000;
    private const string Rare = "kingfisher";

    public static async Task<int> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("automations-pages-").FullName;
        try
        {
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false }, CancellationToken.None);
            var began = Stopwatch.GetTimestamp();
            BusyStores.Make(Path.Combine(directory, "data"), Events, Rare, TimeProvider.System.GetUtcNow());
            Report.Line($"{Events} events made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, {new FileInfo(Path.Combine(directory, "data", "automations.db")).Length / 1048576.0:0} MiB, load {Report.LoadAverage()}");
            await using var engine = await StartAsync(directory, misskey);
            await MeasureAsync(engine.Services);
            await engine.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(IServiceProvider services)
    {
        var key = await services.GetRequiredService<ApiKeys>().MakeAsync("load", isReadOnly: true, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(services.GetRequiredService<DashboardServer>().Address!) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Report.Line($"{"",-44} asked in the engine     over the API");
        Report.Line($"{"",-44} p50 ms   p99 ms      p50 ms   p99 ms    bytes");
        var worst = 0.0;
        foreach (var (what, ask, path) in Questions(services))
        {
            var inside = Measure(() =>
            {
                ask();
                return Task.FromResult(0);
            });
            var size = 0;
            var outside = Measure(async () => size = (await http.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length);
            worst = Math.Max(worst, (await inside).Percentile(0.99));
            Report.Line($"{what,-44} {(await inside).Percentile(0.5),6:0.0} {(await inside).Percentile(0.99),8:0.0} {(await outside).Percentile(0.5),11:0.0} {(await outside).Percentile(0.99),8:0.0} {size,8}");
        }

        Report.Line($"worst p99 in the engine: {worst:0.0} ms (needed: {Needed:0}), load {Report.LoadAverage()}");
        await MeasurePagesAsync(http.BaseAddress);
        LookThroughAll(services);
    }

    // As a browser has them: compressed on their way. Those of the navigation, each event and run, and lists that are chosen from.
    private static async Task MeasurePagesAsync(Uri address)
    {
        using var browser = await Browser.SignInAsync(address);
        browser.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        string[] paths =
        [
            .. Navigation.Entries.Where(entry => !entry.IsOfSandbox).Select(entry => entry.Path), "/?span=hour", "/?span=week&account=second", $"/events/{Events / 2}", "/events?type=mention",
            $"/events?text={Rare}", $"/events?text={Uri.EscapeDataString("おはよう")}", $"/events?before={Events / 2}", "/events?account=second&rule=pong", "/runs?state=Failed", "/runs?state=Waiting", "/runs/1000",
        ];
        Report.Line($"{"page",-44} p50 ms   p99 ms    bytes on the wire");
        var (worst, largest) = (0.0, 0);
        foreach (var path in paths)
        {
            var size = 0;
            var latencies = await Measure(async () => size = (await browser.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length);
            (worst, largest) = (Math.Max(worst, latencies.Percentile(0.99)), Math.Max(largest, size));
            Report.Line($"{Uri.UnescapeDataString(path),-44} {latencies.Percentile(0.5),6:0.0} {latencies.Percentile(0.99),8:0.0} {size,8}");
        }

        Report.Line($"worst p99 of a page: {worst:0.0} ms; largest: {largest / 1000.0:0.0} kB (needed: {LargestPage / 1000:0}), load {Report.LoadAverage()}");
        await FirstPaints.MeasureAsync(address, paths);
    }

    private static IEnumerable<(string What, Action Ask, string Path)> Questions(IServiceProvider services)
    {
        var (events, runs, now) = (services.GetRequiredService<EventPages>(), services.GetRequiredService<RunPages>(), TimeProvider.System.GetUtcNow());
        var (week, later) = (now.AddDays(-3), now.AddDays(-3).AddHours(1));
        (string What, EventFilter Filter, string Query)[] lists =
        [
            ("the newest events", new(), ""),
            ("of one account", new() { Account = "second" }, "account=second"),
            ("of a type that is often", new() { Type = "mention" }, "type=mention"),
            ("of a type that hardly is", new() { Type = "abuseReport" }, "type=abuseReport"),
            ("of a rule", new() { Rule = "pong" }, "rule=pong"),
            ("of an hour three days ago", new() { Since = week, Until = later }, $"since={week.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}&until={later.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
            ("with a text that is often", new() { Text = "おはよう" }, $"text={Uri.EscapeDataString("おはよう")}"),
            ("with a text that hardly is", new() { Text = Rare }, $"text={Rare}"),
            ("of one account with that text, for a rule", new() { Account = "second", Text = Rare, Rule = "pong" }, $"account=second&rule=pong&text={Rare}"),
        ];
        foreach (var (what, filter, query) in lists)
        {
            yield return ($"events: {what}", () => events.List(filter, null, PageSize), $"api/v1/events?{query}");
        }

        yield return ("events: a page in the middle", () => events.List(new(), Events / 2, PageSize), $"api/v1/events?cursor={Events / 2}");
        yield return ("one event whole", () => services.GetRequiredService<EventStories>().Find(Events / 2), $"api/v1/events/{Events / 2}");
        (string What, RunFilter Filter, string Query)[] ofRuns =
        [
            ("the newest", new(), ""),
            ("failed", new() { State = RunState.Failed }, "state=failed"),
            ("waiting", new() { State = RunState.Waiting }, "state=waiting"),
            ("skipped, of a rule", new() { State = RunState.Skipped, Rule = "pong" }, "state=skipped&rule=pong"),
        ];
        foreach (var (what, filter, query) in ofRuns)
        {
            yield return ($"runs: {what}", () => runs.List(filter, null, PageSize), $"api/v1/runs?{query}");
        }

        yield return ("one run with its steps", () => services.GetRequiredService<RunQueries>().Find(1_000), "api/v1/runs/1000");
        yield return ("overview", () => services.GetRequiredService<Overviews>().Look(), "api/v1/overview");
        yield return ("activity of the last hour", () => services.GetRequiredService<ActivityCharts>().LastHour(), "api/v1/activity?by=minute");
        yield return ("activity of the last week", () => services.GetRequiredService<ActivityCharts>().LastWeek(TimeZoneInfo.Utc), "api/v1/activity?by=day");
        yield return ("rules", () => services.GetRequiredService<RuleSights>().List(), "api/v1/rules");
    }

    // The first of all is the one that is looked for.
    private static void LookThroughAll(IServiceProvider services)
    {
        var (events, began, looks, before) = (services.GetRequiredService<EventPages>(), Stopwatch.GetTimestamp(), 0, (long?)null);
        Page<RecordedEvent> page;
        do
        {
            page = events.List(new() { Text = Rare }, before, PageSize);
            (looks, before) = (looks + 1, page.Next);
        }
        while (page.Found.Count == 0 && before is not null);
        Report.Line($"a text that only the first event has: found after {looks} looks, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s in all");
    }

    private static async Task<Latencies> Measure(Func<Task<int>> askAsync)
    {
        var latencies = new Latencies();
        for (var i = -Times / 10; i < Times; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            await askAsync();
            if (i >= 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(asked));
            }
        }

        return latencies;
    }

    private static async Task<WebApplication> StartAsync(string directory, SandboxServer misskey)
    {
        var rules = Path.Combine(directory, "rules.yaml");
        await File.WriteAllTextAsync(rules, """
            rules:
              - name: pong
                on: mention
                when: contains(note.said, 'ping')
                do: [{ reply: PONG! }]
            """);
        Account Named(string name) => new() { Name = name, Server = misskey.Url, Token = new(misskey.World.AddAccount(name).Token), HookSecrets = [new(Servers.Secret)] };
        var settings = new EngineSettings
        {
            Rules = rules,
            Data = Path.Combine(directory, "data"),
            Urls = "http://127.0.0.1:0",
            Accounts = [Named("first"), Named("second")],
            Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new(Servers.Passphrase), Api = new() { PerSecond = 1_000_000, Burst = 1_000_000 } },
        };
        var folder = RuleFolders.Open(rules, allowAdmin: false);
        return await RunCommand.StartAsync(settings, folder, folder.Read().RuleSet!, CancellationToken.None, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
    }
}
