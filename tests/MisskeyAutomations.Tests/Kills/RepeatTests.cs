using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// Every event comes five times: by two webhooks, twice at once and once more beside, then by both again after the process was killed.
/// <c>MKA_EVENTS</c> says how many events.
/// </summary>
public sealed class RepeatTests(ITestOutputHelper output)
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG
        """;

    [Fact]
    public async Task Each_event_is_acted_on_once_however_often_it_comes()
    {
        var events = Numbers.Of("MKA_EVENTS") ?? 300;
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        await using var misskey = await SandboxServer.StartAsync(
            new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000, JournalCapacity = 1_000 }, TestContext.Current.CancellationToken);
        await using var receiver = await HookReceiver.StartAsync();
        var alice = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention");
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention");
        var (notes, hooks) = await MentionAsync(misskey.World, receiver, events);
        var (first, second) = (hooks.DistinctBy(hook => hook.Note.GetProperty("id").GetString()).ToList(), hooks.GroupBy(hook => hook.Note.GetProperty("id").GetString()).Select(pair => pair.Last()).ToList());
        var port = FreePort.Find();
        var door = new Uri($"http://127.0.0.1:{port}/hooks/main");
        using var http = new HttpClient();

        await using (var killed = Start(folder, misskey, alice, port))
        {
            await killed.StartedAsync();
            await PostAllAsync(http, door, first.SelectMany((hook, number) => new[] { hook, second[number], hook }));
            await killed.KillAsync();
        }

        await using var last = Start(folder, misskey, alice, port);
        await last.StartedAsync();
        await PostAllAsync(http, door, [.. second, .. first]);
        var ledger = new Ledger(folder["data"]);
        await Eventually.HoldsAsync(() => ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided", TimeSpan.FromMinutes(10));
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over", TimeSpan.FromMinutes(2));

        var once = notes.Count(note => misskey.World.RepliesTo(note).Count == 1);
        output.WriteLine($"told five times: {events}; acted on once: {once}");
        Assert.Equal(events, once);
    }

    private static ProgramRun Start(TemporaryFolder folder, SandboxServer misskey, Account alice, int port) =>
        ProgramRun.Start(folder.Path, ProgramRun.EnvironmentOf(misskey.Url, alice.Token), "run", "--urls", $"http://127.0.0.1:{port}");

    private static async Task<(List<Note> Notes, List<ReceivedHook> Hooks)> MentionAsync(SandboxWorld world, HookReceiver receiver, int events)
    {
        var (notes, hooks) = (new List<Note>(), new List<ReceivedHook>());
        for (var number = 0; number < events; number++)
        {
            notes.Add(world.Post(world.AddAccount($"user{number}"), "@alice ping"));
            hooks.Add(await receiver.NextAsync());
            hooks.Add(await receiver.NextAsync());
        }

        return (notes, hooks);
    }

    private static Task PostAllAsync(HttpClient http, Uri door, IEnumerable<ReceivedHook> hooks) => Parallel.ForEachAsync(
        hooks,
        new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken },
        async (hook, cancellationToken) =>
        {
            while (!await http.DeliverAsync(door, hook, cancellationToken))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        });
}
