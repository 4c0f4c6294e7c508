using System.Collections.Concurrent;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The engine is told to end while webhooks pour in and Misskey takes its time. <c>MKA_STOPS</c> sets how often.</summary>
public sealed class StopTests(ITestOutputHelper output) : IDisposable
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h, reactions: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG ${note.said}
              - react: 👍
        """;

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private readonly int _port = FreePort.Find();

    [Fact]
    public async Task Told_to_end_it_finishes_what_is_on_its_way_and_loses_nothing()
    {
        var stops = Numbers.Of("MKA_STOPS") ?? 3;
        await using var misskey = await StartMisskeyAsync();
        var alice = misskey.World.AddAccount("alice");
        await using var receiver = await HookReceiver.StartAsync();
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention");
        misskey.InjectAtRandom("*", Fault.ExecuteThenDelay(TimeSpan.FromMilliseconds(400)), probability: 0.5, seed: 1);
        var mentions = new List<Note>();
        var times = new List<double>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var delivering = DeliverAllAsync(receiver, ending.Token);

        for (var stop = 0; stop < stops; stop++)
        {
            await using var engine = Start(misskey, alice);
            var before = _taken.Count;
            for (var number = 0; number < 60; number++)
            {
                mentions.Add(misskey.World.Post(misskey.World.AddAccount($"user{stop}-{number}"), $"@alice {number}"));
            }

            await Eventually.HoldsAsync(() => engine.HasExited || _taken.Count >= before + 30, "it takes webhooks");
            var begin = TimeProvider.System.GetTimestamp();
            await engine.TerminateAsync();
            Assert.Equal(0, await engine.ExitCodeAsync(Allowed));
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            Assert.DoesNotContain(new Ledger(_folder["data"]).Steps(), step => step.State is StepState.Uncertain or StepState.Intended);
        }

        await using var last = Start(misskey, alice);
        var ledger = new Ledger(_folder["data"]);
        await Eventually.HoldsAsync(() => _taken.Count == mentions.Count && ledger.Runs().Count == mentions.Count, "all are taken");
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over");
        await ending.CancelAsync();
        await delivering;
        times.Sort();
        output.WriteLine($"{stops} stops, {mentions.Count} mentions; to the end p50 {times[times.Count / 2]:0.00} s, p99 {times[(int)(times.Count * 0.99)]:0.00} s, longest {times[^1]:0.00} s");

        Assert.All(ledger.Runs(), run => Assert.True(run.State == RunState.Succeeded, run.ToString()));
        Assert.All(mentions, note => Assert.Single(misskey.World.RepliesTo(note)));
        Assert.DoesNotContain(ledger.Steps(), step => step.Reason is not null);
        Assert.Equal("ok", ledger.CheckIntegrity());
    }

    [Fact]
    public async Task Told_twice_it_ends_at_once_and_what_was_cut_off_is_found_at_the_next_start()
    {
        await using var misskey = await StartMisskeyAsync();
        var alice = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{_port}/hooks/main", House.Secret, "mention");
        Note his;
        await using (var engine = Start(misskey, alice))
        {
            await engine.StartedAsync();
            misskey.Inject("notes/create", Fault.ExecuteThenDelay(TimeSpan.FromMinutes(1)));
            his = misskey.World.Post(misskey.World.AddAccount("bob"), "@alice ping");
            await Eventually.HoldsAsync(() => misskey.World.RepliesTo(his).Count == 1, "the answer is there, and not told");
            await engine.TerminateAsync();
            await Eventually.HoldsAsync(async () => !await IsTakingAsync(), "it takes nothing any more");
            Assert.False(engine.HasExited);
            await engine.TerminateAsync();
            Assert.Equal(143, await engine.ExitCodeAsync(TimeSpan.FromSeconds(5)));
            Assert.Contains("told twice", engine.Error, StringComparison.Ordinal);
        }

        await using var next = Start(misskey, alice);
        var ledger = new Ledger(_folder["data"]);
        await Eventually.HoldsAsync(() => ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Single(misskey.World.RepliesTo(his));
        Assert.Contains(ledger.Steps(), step => step.Reason == Reconciliation.FoundThere);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private static Task<SandboxServer> StartMisskeyAsync() => SandboxServer.StartAsync(
        new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000, DeliveryTimeout = Eventually.Patience, JournalCapacity = 1_000_000 }, TestContext.Current.CancellationToken);

    // As Misskey does, though it waits for minutes between two tries.
    private async Task DeliverAllAsync(HookReceiver receiver, CancellationToken cancellationToken)
    {
        var posting = new List<Task>();
        try
        {
            while (true)
            {
                posting.Add(DeliverAsync(await receiver.NextAsync().AsTask().WaitAsync(cancellationToken), cancellationToken));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(posting);
        }
    }

    private async Task DeliverAsync(ReceivedHook hook, CancellationToken cancellationToken)
    {
        while (!await _http.DeliverAsync(new Uri($"http://127.0.0.1:{_port}/hooks/main"), hook, cancellationToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }

        _taken[hook.EventId] = true;
    }

    private async Task<bool> IsTakingAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{_port}/hooks/main"), TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private ProgramRun Start(SandboxServer misskey, Account alice)
    {
        _folder.Write("rules/rules.yaml", Rules);
        return ProgramRun.Start(
            _folder.Path, new Dictionary<string, string>(ProgramRun.EnvironmentOf(misskey.Url, alice.Token)) { ["MISSKEYAUTOMATIONS__SETTLE"] = "3s" }, "run", "--urls", $"http://127.0.0.1:{_port}");
    }
}
