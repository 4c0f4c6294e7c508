using System.Collections.Concurrent;
using System.Globalization;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// The engine's process is killed again and again while webhooks pour in. <c>MKA_KILLS</c> sets how often, <c>MKA_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h, follows: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG ${note.said}
          - name: back
            on: followed
            do:
              - follow: user
        """;

    [Fact]
    public async Task No_acknowledged_event_is_lost_and_no_note_is_written_twice_however_often_the_process_is_killed()
    {
        var kills = Number("MKA_KILLS") ?? 20;
        var seed = Number("MKA_SEED") ?? Random.Shared.Next();
        output.WriteLine($"MKA_KILLS={kills} MKA_SEED={seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        await using var misskey = await SandboxServer.StartAsync(
            new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000, JournalCapacity = 1_000_000 }, TestContext.Current.CancellationToken);
        await using var receiver = await HookReceiver.StartAsync();
        var alice = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention", "followed");
        var port = FreePort.Find();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var driver = new Driver(misskey.World, alice, receiver, new Uri($"http://127.0.0.1:{port}/hooks/main"));

        var driving = driver.DriveAsync(ending.Token);
        for (var kill = 0; kill < kills; kill++)
        {
            await using var engine = Start(folder, misskey, alice, port);
            await Eventually.HoldsAsync(() => engine.HasExited || driver.AcknowledgedSinceLast(), "it takes webhooks again", TimeSpan.FromSeconds(60));
            Assert.False(engine.HasExited, engine.Error);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 700)), TimeProvider.System, TestContext.Current.CancellationToken);
            await engine.KillAsync();
            driver.ForgetLast();
        }

        await using var last = Start(folder, misskey, alice, port);
        driver.StopMaking();
        await driving;
        var ledger = new Ledger(folder["data"]);
        await Eventually.HoldsAsync(() => ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided", TimeSpan.FromSeconds(120));
        await Eventually.HoldsAsync(() => ledger.Runs().All(IsOver), "all runs are over", TimeSpan.FromSeconds(120));
        await last.TerminateAsync();
        Assert.Equal(0, await last.ExitCodeAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal("ok", ledger.CheckIntegrity());
        driver.Check(ledger, kills, output);
    }

    private static bool IsOver(RunRow run) => run.State >= RunState.Succeeded;

    private static ProgramRun Start(TemporaryFolder folder, SandboxServer misskey, Account alice, int port) => ProgramRun.Start(
        folder.Path,
        new Dictionary<string, string>(ProgramRun.EnvironmentOf(misskey.Url, alice.Token)) { ["MISSKEYAUTOMATIONS__SETTLE"] = "3s" },
        "run", "--urls", $"http://127.0.0.1:{port}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Misskey's part: people mention and follow alice, and every webhook is posted until it is answered with 204, as Misskey repeats what
    /// failed (though it waits for minutes in between).
    /// </summary>
    private sealed class Driver(SandboxWorld world, Account alice, HookReceiver receiver, Uri door) : IDisposable
    {
        private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
        private readonly ConcurrentQueue<Note> _mentions = [];
        private readonly ConcurrentQueue<Account> _followers = [];
        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
        private volatile bool _making = true;
        private volatile int _sinceLast;

        public bool AcknowledgedSinceLast() => _sinceLast > 0;

        public void ForgetLast() => _sinceLast = 0;

        public void StopMaking() => _making = false;

        public void Dispose() => _http.Dispose();

        public async Task DriveAsync(CancellationToken cancellationToken)
        {
            var posting = new List<Task>();
            for (var number = 0; _making; number++)
            {
                // Another person each time, so that no reply cap of the rules' owner holds anything back.
                var person = world.AddAccount($"user{number}");
                if (number % 3 == 0)
                {
                    _followers.Enqueue(person);
                    world.Follow(person, alice);
                }
                else
                {
                    _mentions.Enqueue(world.Post(person, $"@alice {number}"));
                }

                posting.Add(PostUntilTakenAsync(await receiver.NextAsync(), number % 10 == 0, cancellationToken));
                await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, cancellationToken);
            }

            await Task.WhenAll(posting);
        }

        public void Check(Ledger ledger, int kills, ITestOutputHelper output)
        {
            var stored = ledger.Deliveries().ToDictionary(delivery => delivery.EventId, StringComparer.Ordinal);
            var runs = ledger.Runs().ToDictionary(run => run.Delivery);
            var lost = _acknowledged.Keys.Where(eventId => !stored.TryGetValue(eventId, out var delivery)
                || delivery.State != DeliveryState.Planned || !runs.ContainsKey(delivery.Id)).ToArray();
            var replies = _mentions.Select(note => world.RepliesTo(note).Count).ToArray();
            var found = ledger.Steps().Count(step => step.Reason == Reconciliation.FoundThere);
            var unfollowed = _followers.Count(follower => !world.IsFollowing(alice, follower));
            output.WriteLine($"{kills} kills, {_acknowledged.Count} acknowledged, {lost.Length} lost, "
                + $"{replies.Count(count => count > 1)} written twice, {replies.Count(count => count == 0)} unanswered, {found} missed and found, {unfollowed} not followed");

            Assert.Empty(lost);
            Assert.Equal(_mentions.Count + _followers.Count, _acknowledged.Count);
            Assert.InRange(_acknowledged.Count, 5 * kills, int.MaxValue);
            Assert.All(replies, count => Assert.Equal(1, count));
            Assert.Equal(0, unfollowed);
            Assert.All(runs.Values, run => Assert.True(run.State == RunState.Succeeded, run.ToString()));
            Assert.All(ledger.Steps(), step => Assert.True(step.State == StepState.Done, step.ToString()));
        }

        private async Task PostUntilTakenAsync(ReceivedHook hook, bool twice, CancellationToken cancellationToken)
        {
            while (!await _http.DeliverAsync(door, hook, cancellationToken))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }

            _acknowledged[hook.EventId] = hook.Type;
            _sinceLast++;
            if (twice)
            {
                await _http.DeliverAsync(door, hook, cancellationToken);
            }
        }
    }
}
