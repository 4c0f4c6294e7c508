using System.Diagnostics;
using System.Globalization;
using MisskeyAutomations.Sandbox;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What listening costs: the memory of an engine whose thirty accounts on three servers are streamed, beside that of one whose same accounts wait
/// for webhooks, in interleaved rounds.
/// </summary>
internal static class StreamsLoad
{
    private const int PerServer = 10;
    private const int Rounds = 3;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync()
    {
        SandboxServer[] servers =
        [
            await SandboxServer.StartAsync(new SandboxOptions(), CancellationToken.None),
            await SandboxServer.StartAsync(new SandboxOptions(), CancellationToken.None),
            await SandboxServer.StartAsync(new SandboxOptions(), CancellationToken.None),
        ];
        var people = servers.SelectMany(server => Enumerable.Range(0, PerServer).Select(number => (server, server.World.AddAccount($"user{number}")))).ToList();
        var (streamed, still) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            still.Add(await MeasureAsync(people, "webhook"));
            streamed.Add(await MeasureAsync(people, "streaming"));
            Report.Line($"round {round + 1}: {still[^1]:0.0} MiB with webhooks, {streamed[^1]:0.0} MiB streamed");
        }

        var each = (Median(streamed) - Median(still)) / people.Count;
        Report.Line($"{people.Count} accounts: {Median(streamed) / Median(still):0.000} of the memory with webhooks, {each:0.00} MiB for each account that is streamed");
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        return 0;
    }

    private static async Task<double> MeasureAsync(List<(SandboxServer Server, Person Person)> people, string source)
    {
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "rules.yaml"), "rules: [ { name: all, on: [mention, { timeline: home }], do: [ { log: x } ] } ]\n");
        File.WriteAllLines(Path.Combine(folder, "automations.yaml"),
        [
            "rules: rules.yaml", "urls: http://127.0.0.1:0", "accounts:",
            .. people.Select((one, number) => string.Create(CultureInfo.InvariantCulture,
                $"  a{number}: {{ server: '{one.Server.Url.GetLeftPart(UriPartial.Authority)}', token: '{one.Person.Token}', hook-secret: {Servers.Secret}, source: {source} }}")),
        ]);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MisskeyAutomations.dll"), "run"]) { WorkingDirectory = folder };
        using var engine = Process.Start(start)!;
        try
        {
            var listening = source == "webhook" ? 0 : 1;
            await UntilAsync(() => people.TrueForAll(one => one.Server.World.ListenersOf(one.Person) == listening && one.Server.World.Calls.Any(call => call.Username == one.Person.Username && call.Endpoint == "blocking/list")));
            await Task.Delay(Settling, TimeProvider.System);
            engine.Refresh();
            return engine.WorkingSet64 / (1024.0 * 1024.0);
        }
        finally
        {
            engine.Kill();
            await engine.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);

    private static async Task UntilAsync(Func<bool> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException("The accounts do not listen.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
