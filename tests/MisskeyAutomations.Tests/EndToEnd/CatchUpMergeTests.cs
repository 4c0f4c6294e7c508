using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What comes by webhook and by notification is decided once.</summary>
public sealed class CatchUpMergeTests
{
    [Fact]
    public async Task What_webhooks_brought_before_is_known_already()
    {
        await using var house = await CatchUpTests.OpenAsync(CatchUpTests.Rules);
        var bob = house.World.AddAccount("bob");
        var his = house.World.Post(bob, "@alice hi");
        house.World.Follow(bob, house.Owner);
        await house.RestAsync();

        await house.RestartAsync();
        await house.RestAsync();
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("missed nothing since", StringComparison.Ordinal)
            && line.Contains("known already: 2", StringComparison.Ordinal)), "both were known");
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(his));
        Assert.Equal(2, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task A_webhook_that_comes_after_all_does_not_start_rules_again()
    {
        await using var house = await CatchUpTests.OpenAsync(CatchUpTests.Rules);
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.Owner, receiver.Url, House.Secret, "mention", "reply", "followed");
        var bob = house.World.AddAccount("bob");
        await house.StopAsync();
        var his = house.World.Message(bob, house.Owner, "hi");
        house.World.Follow(bob, house.Owner);
        await CatchUpTests.MissAsync(house);

        await house.StartAsync();
        await CatchUpTests.CaughtUpAsync(house, "2 events since");
        await house.RestAsync();
        await house.RestartAsync();
        Assert.NotEmpty(receiver.All);
        await Task.WhenAll(receiver.All.Select(hook => house.PostAsync(hook.Text)));
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(his));
        Assert.Equal(2, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task Both_ways_at_once_are_one_event()
    {
        await using var house = await CatchUpTests.OpenAsync(CatchUpTests.Rules);
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.Owner, receiver.Url, House.Secret, "mention", "followed");
        await house.StopAsync();
        for (var number = 0; number < 20; number++)
        {
            var person = house.World.AddAccount($"person{number}");
            house.World.Post(person, "@alice hi");
            house.World.Follow(person, house.Owner);
        }

        await CatchUpTests.MissAsync(house);
        await house.StartAsync();
        await Task.WhenAll(receiver.All.Select(hook => house.PostAsync(hook.Text)));
        await Eventually.HoldsAsync(() => house.Calls("i/notifications").Count >= 4, "all pages were read");
        await house.RestAsync();

        Assert.Equal(40, house.Calls("notes/create").Count);
    }
}
