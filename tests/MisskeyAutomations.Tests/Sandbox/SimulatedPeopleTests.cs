using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.People;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>The people of the interactive sandbox.</summary>
public sealed class SimulatedPeopleTests
{
    [Fact]
    public async Task Each_kind_of_event_reaches_the_owner_within_20_seconds()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var (server, people, time) = await StartAsync();
        await using var _ = server;
        server.World.AddWebhook(people.Owner, receiver.Url, "s", "mention", "followed", "note", "reply", "renote", "unfollow", "follow");

        await ActAsync(server, people, time, TimeSpan.FromSeconds(20));

        await server.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        var types = receiver.All.Select(hook => hook.Type).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["note", "followed", "mention", "reply", "renote"], StringComparer.Ordinal), types);
        Assert.Contains(receiver.All, hook => hook.Type == "followed" && hook.User.GetProperty("isBot").GetBoolean());
        Assert.Contains(receiver.All, hook => hook.Type == "mention" && hook.Note.GetProperty("visibility").GetString() == "specified");
        Assert.Equal(4, receiver.All.Count(hook => hook.Type == "followed"));
    }

    [Fact]
    public async Task The_same_seed_repeats_the_same_acts_and_another_does_not()
    {
        var first = await ActsAsync(seed: 5);
        var second = await ActsAsync(seed: 5);
        var other = await ActsAsync(seed: 6);

        Assert.Equal(first, second, StringComparer.Ordinal);
        Assert.NotEqual(first, other, StringComparer.Ordinal);
        Assert.Equal("alice posted はじめまして！ This is the sandbox.", first[0]);
        Assert.Equal("bob followed @alice ", first[1]);
    }

    [Fact]
    public async Task Somebody_whom_the_owner_blocked_is_refused_and_the_others_go_on()
    {
        var (server, people, time) = await StartAsync();
        await using var _ = server;
        server.World.Block(people.Owner, server.World.FindAccount("bob")!);

        var acts = await ActAsync(server, people, time, TimeSpan.FromSeconds(20));

        Assert.Contains(acts, act => act.Who.Username == "bob" && act.RefusedWith == "BLOCKED");
        Assert.Contains(acts, act => act.Who.Username == "news_bot" && act.RefusedWith is null);
    }

    [Fact]
    public async Task Who_rests_does_nothing_and_goes_on_afterwards()
    {
        var (server, people, time) = await StartAsync();
        await using var _ = server;
        people.IsResting = true;

        Assert.Empty(await ActAsync(server, people, time, TimeSpan.FromSeconds(20)));
        people.IsResting = false;
        Assert.NotEmpty(await ActAsync(server, people, time, TimeSpan.FromSeconds(20)));
    }

    private static async Task<string[]> ActsAsync(int seed)
    {
        var (server, people, time) = await StartAsync(seed);
        await using var _ = server;
        var acts = await ActAsync(server, people, time, TimeSpan.FromMinutes(3));
        return [.. acts.Select(act => $"{act.Who.Username} {act.What} {act.Text}")];
    }

    private static async Task<(SandboxServer Server, SimulatedPeople People, FakeTimeProvider Time)> StartAsync(int seed = 1)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        var server = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = time, DeliveriesPerSecond = 10_000 }, TestContext.Current.CancellationToken);
        return (server, new SimulatedPeople(server.World, time, seed), time);
    }

    /// <summary>
    /// Nothing but the clock is awaited by the people, so each step of it runs their next act on this thread. Its webhooks
    /// arrive before the next step: a clock that runs away would time them out.
    /// </summary>
    private static async Task<List<PersonAct>> ActAsync(SandboxServer server, SimulatedPeople people, FakeTimeProvider time, TimeSpan duration)
    {
        List<PersonAct> acts = [];
        people.Acted += acts.Add;
        using var stop = new CancellationTokenSource();
        var run = people.RunAsync(stop.Token);
        for (var passed = TimeSpan.Zero; passed < duration; passed += TimeSpan.FromMilliseconds(100))
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await server.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        return acts;
    }
}
