using System.Globalization;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Answers that are far too much. The engine is a process of its own, so that its memory is its own.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const long Most = 32 * 1024 * 1024;

    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    private static readonly Dictionary<string, Trouble> Floods = new(StringComparer.Ordinal)
    {
        ["giant"] = new Trouble.Flood(256L * 1024 * 1024),
        ["of unknown length"] = new Trouble.Instead(new CannedAnswer(200, $"{8 * 1024 * 1024:x}\r\n{new string('x', 8 * 1024 * 1024)}\r\n0\r\n\r\n") { Headers = ["Transfer-Encoding: chunked"], HasLength = false }, IsPassedOn: true),
        ["zipped a thousand times"] = new Trouble.Flood(1024L * 1024 * 1024, IsZipped: true),
        ["of many values"] = new Trouble.Instead(CannedAnswer.Json(200, $"[{string.Join(',', Enumerable.Repeat("1", 2_000_000))}]"), IsPassedOn: true),
        ["of deep values"] = new Trouble.Instead(CannedAnswer.Json(200, new string('[', 4_000_000)), IsPassedOn: true),
    };

    public static TheoryData<string> Names => [.. Floods.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_that_is_far_too_much_costs_little_memory_and_counts_by_its_status(string name)
    {
        var flooding = false;
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        await using var proxy = ChaosProxy.Start(misskey.Url, (_, path) => flooding && path == "/api/notes/create" ? Floods[name] : null, TimeProvider.System);
        var alice = misskey.World.AddAccount("alice");
        var port = FreePort.Find();
        await using var engine = ProgramRun.Start(folder.Path, ProgramRun.EnvironmentOf(proxy.Url, alice.Token), "run", "--urls", $"http://127.0.0.1:{port}");
        await engine.StartedAsync();
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{port}/hooks/main", House.Secret, "mention");
        var ledger = new Ledger(folder["data"]);
        await MentionAsync(misskey, ledger, 20);
        var before = engine.PeakMemory();

        flooding = true;
        await MentionAsync(misskey, ledger, 3);

        var grown = engine.PeakMemory() - before;
        output.WriteLine($"{name}: {before / 1024 / 1024} MiB at most before, {grown / 1024 / 1024.0:0.0} MiB more with it");
        Assert.InRange(grown, 0, Most);
        Assert.All(ledger.Steps(), step => Assert.Equal(StepState.Done, step.State));
    }

    // One after the other: it is the one answer that is measured.
    private static async Task MentionAsync(SandboxServer misskey, Ledger ledger, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var before = ledger.Runs().Count;
            var note = misskey.World.Post(misskey.World.AddAccount(string.Create(CultureInfo.InvariantCulture, $"user{before}")), "@alice ping");
            await Eventually.HoldsAsync(() => ledger.Runs() is var runs && runs.Count == before + 1 && runs.All(run => run.State == RunState.Succeeded), "it is answered");
            Assert.Single(misskey.World.RepliesTo(note));
        }
    }
}
