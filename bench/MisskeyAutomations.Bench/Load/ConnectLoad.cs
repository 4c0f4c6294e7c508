using System.Diagnostics;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// From nothing to an account that answers: one command, a person who allows it at once, and somebody who mentions the account as soon as it is
/// proven that events arrive; with a webhook and by the stream, in rounds that alternate.
/// </summary>
internal static class ConnectLoad
{
    private const int Rounds = 5;
    private const string Rules = "rules: [ { name: pong, on: mention, do: [ { reply: PONG! } ] } ]\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly (string Phase, string Begins)[] Phases =
    [
        ("the engine starts and finds Misskey", "✓ 127.0.0.1"), ("the page is shown and allowed, the token fetched", "✓ The token is"), ("the account is live", "✓ Account main is stored"),
        ("its note has come back", "✓ A note to itself came back"),
    ];

    public static async Task<int> RunAsync()
    {
        var all = new Dictionary<string, List<double>>(StringComparer.Ordinal) { ["webhook"] = [], ["stream"] = [] };
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (way, figures) in all)
            {
                var moments = await ConnectAsync(isReachable: way == "webhook");
                figures.Add(moments[^1].At.TotalSeconds);
                Report.Line($"round {round}, {way}: {string.Join(", ", moments.Select(moment => FormattableString.Invariant($"{moment.At.TotalSeconds:0.0} s {moment.What}")))}");
            }
        }

        foreach (var (way, figures) in all)
        {
            Report.Line($"connect to the first answered mention, {way}: {figures.Order().ElementAt(Rounds / 2):0.0} s ({figures.Min():0.0} to {figures.Max():0.0}; to reach: 10 s; load {Report.LoadAverage()})");
        }

        return 0;
    }

    private static async Task<IReadOnlyList<(TimeSpan At, string What)>> ConnectAsync(bool isReachable)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), patience.Token);
        misskey.World.AddAccount("alice");
        var bob = misskey.World.AddAccount("bob");
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "rules.yaml"), Rules);
        var door = $"http://127.0.0.1:{Servers.FreePort()}";
        var begin = Stopwatch.GetTimestamp();
        using var engine = Start(folder, ["connect", misskey.Url.GetLeftPart(UriPartial.Authority), "--rules", "rules.yaml", "--urls", door, .. isReachable ? ["--url", door] : Array.Empty<string>()]);
        try
        {
            var moments = new List<(TimeSpan At, string What)>();
            while (moments.Count < Phases.Length)
            {
                var line = await engine.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("It ended before it was connected.");
                if (line.TrimStart().StartsWith($"{misskey.Url}miauth/", StringComparison.Ordinal))
                {
                    await AllowAsync(new Uri(line.Trim()), patience.Token);
                }
                else if (line.StartsWith(Phases[moments.Count].Begins, StringComparison.Ordinal))
                {
                    moments.Add((Stopwatch.GetElapsedTime(begin), Phases[moments.Count].Phase));
                }
            }

            await AnsweredAsync(misskey.World, misskey.World.Post(bob, "@alice ping"), patience.Token);
            return [.. moments, (Stopwatch.GetElapsedTime(begin), "a mention is answered")];
        }
        finally
        {
            engine.Kill();
            await engine.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string folder, string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MisskeyAutomations.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;

    private static async Task AllowAsync(Uri page, CancellationToken cancellationToken)
    {
        using var browser = new HttpClient();
        using var form = new FormUrlEncodedContent([new("user", "alice"), new("decision", "allow")]);
        using var answer = await browser.PostAsync(page, form, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task AnsweredAsync(SandboxWorld world, Note note, CancellationToken cancellationToken)
    {
        while (world.RepliesTo(note).Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }
}
