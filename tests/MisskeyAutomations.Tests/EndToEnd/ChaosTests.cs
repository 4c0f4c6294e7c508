using System.Collections.Concurrent;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// Between the engine and Misskey stands a proxy that does what networks, proxies and servers do. <c>MKA_SEED</c> repeats a run,
/// <c>MKA_CHAOS</c> says how many mentions there are.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const string Rules = """
        defaults:
          replies: { per-user: 1000000 per 1h, per-thread: 1000000 per 1h }
          budget: { notes: 1000000 per 1h, follows: 1000000 per 1h, reactions: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            late: 24h
            do:
              - reply: PONG ${note.said}
              - react: 👍
          - name: back
            on: followed
            late: 24h
            do:
              - follow: user
        """;

    [Theory]
    [InlineData(SandboxFlavour.Upstream, false)]
    [InlineData(SandboxFlavour.Deduplicating, true)]
    public async Task Whatever_becomes_of_one_call_in_five_each_mention_is_answered_once(SandboxFlavour flavour, bool doubles)
    {
        var (seed, mentions) = (Numbers.Of("MKA_SEED") ?? Random.Shared.Next(100_000), Numbers.Of("MKA_CHAOS") ?? 40);
        output.WriteLine($"MKA_SEED={seed} MKA_CHAOS={mentions}");
        await using var house = await House.OpenAsync(Rules, options => options with { RateLimits = false, Flavour = flavour, JournalCapacity = 1_000_000 }, start: false);
        await using var proxy = ChaosProxy.Start(house.Misskey.Url, new ChaosPlan(seed) { Doubles = doubles }.Choose, TimeProvider.System);
        await StartAsync(house, proxy);

        var notes = new List<Note>();
        for (var number = 0; number < mentions; number++)
        {
            var person = house.World.AddAccount($"user{number}");
            notes.Add(house.World.Post(person, $"@alice {number}"));
            house.World.Follow(person, house.Owner);
        }

        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == 2 * mentions, "all run");
        await house.HealAsync(rounds: 400);

        output.WriteLine($"{proxy.Exchanges.Count} calls, {proxy.Exchanges.Count(exchange => exchange.Trouble is not null)} went wrong");
        Check(house, notes, $"MKA_SEED={seed} MKA_CHAOS={mentions}");
        Assert.Equal(mentions, house.World.FollowedBy(house.Owner).Count);
    }

    [Fact]
    public async Task At_whatever_byte_the_request_breaks_off_the_note_is_there_once()
    {
        var step = Numbers.Of("MKA_CHAOS") is null ? 23 : 1;
        await using var house = await House.OpenAsync(Rules, options => options with { RateLimits = false, JournalCapacity = 1_000_000 }, start: false);
        var cuts = new ConcurrentQueue<int>(Enumerable.Range(0, 700).Where(cut => cut % step == 0 || cut > 680));
        var count = cuts.Count;
        await using var proxy = ChaosProxy.Start(
            house.Misskey.Url, (_, path) => path == "/api/notes/create" && cuts.TryDequeue(out var cut) ? new Trouble.CutRequest(cut) : null, TimeProvider.System);
        await StartAsync(house, proxy);

        var notes = Enumerable.Range(0, count).Select(number => house.World.Post(house.World.AddAccount($"user{number}"), $"@alice {number}")).ToArray();
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == count, "all run");
        await house.HealAsync(rounds: 1_000);

        output.WriteLine($"{count} cuts, {house.Ledger.Steps().Count(found => found.Reason == Reconciliation.FoundThere)} of them arrived and were found");
        Assert.Empty(cuts);
        Check(house, notes, "");
    }

    [Fact]
    public async Task A_proxy_that_repeats_by_itself_brings_the_first_answer_of_a_server_that_knows_repetitions()
    {
        await using var house = await House.OpenAsync(Rules, options => options with { Flavour = SandboxFlavour.Deduplicating }, start: false);
        await using var proxy = ChaosProxy.Start(house.Misskey.Url, (_, path) => path == "/api/notes/create" ? new Trouble.Twice() : null, TimeProvider.System);
        await StartAsync(house, proxy);
        house.Misskey.Inject("notes/create", Fault.ResetWhileAtWork(TimeSpan.FromSeconds(2)));

        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Single(house.World.RepliesTo(his));
        Assert.Contains(house.World.Calls, call => call is { Endpoint: "notes/create", Status: 202 });
        Assert.Null(house.Ledger.Steps()[0].Reason);
        Assert.DoesNotContain(house.World.Calls, call => call.Endpoint == "notes/children");
    }

    [Fact]
    public async Task Through_a_door_in_trouble_each_event_is_taken_once()
    {
        var (seed, mentions) = (Numbers.Of("MKA_SEED") ?? Random.Shared.Next(100_000), Numbers.Of("MKA_CHAOS") ?? 60);
        output.WriteLine($"MKA_SEED={seed} MKA_CHAOS={mentions}");
        await using var house = await House.OpenAsync(Rules);
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.World.AddAccount("sender"), receiver.Url, House.Secret, "note");
        await using var proxy = ChaosProxy.Start(house.Door, new ChaosPlan(seed) { Doubles = true, Share = 0.5 }.Choose, TimeProvider.System);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var number = 0; number < mentions; number++)
        {
            house.World.Post(house.World.FindAccount("sender")!, $"hi {number}");
        }

        var hooks = await Task.WhenAll(Enumerable.Range(0, mentions).Select(async _ => await receiver.NextAsync()));
        await Parallel.ForEachAsync(hooks, TestContext.Current.CancellationToken, async (hook, cancellationToken) =>
        {
            for (var tries = 0; !await http.DeliverAsync(new Uri(proxy.Url, house.Door.AbsolutePath), hook, cancellationToken); tries++)
            {
                Assert.InRange(tries, 0, 60);
            }
        });
        await house.RestAsync();

        Assert.True(proxy.Exchanges.Count > mentions, $"MKA_SEED={seed}");
        Assert.Equal(hooks.Select(hook => hook.EventId).Order(StringComparer.Ordinal), house.Ledger.Deliveries().Select(delivery => delivery.EventId).Order(StringComparer.Ordinal));
    }

    private static async Task StartAsync(House house, ChaosProxy proxy)
    {
        house.Server = proxy.Url;
        house.Settle = LookTimes.Default.Settle;
        await house.StartAsync();
        house.AddWebhook("mention", "followed");
    }

    private static void Check(House house, IReadOnlyList<Note> notes, string seed)
    {
        Assert.All(notes, note => Assert.True(house.World.RepliesTo(note).Count == 1, $"{seed}: '{note.Text}' was answered {house.World.RepliesTo(note).Count} times"));
        Assert.All(house.Ledger.Runs(), run => Assert.True(run.State == RunState.Succeeded, $"{seed}: {run}"));
        Assert.All(house.Ledger.Steps(), step => Assert.True(step.State == StepState.Done, $"{seed}: {step}"));
    }
}
