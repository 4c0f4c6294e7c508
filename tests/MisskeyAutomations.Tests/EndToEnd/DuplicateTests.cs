using System.Net;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Misskey delivers at least once; rules act once.</summary>
public sealed class DuplicateTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
          - name: back
            on: followed
            do:
              - follow: user
        """;

    [Fact]
    public async Task A_delivery_repeated_one_after_the_other_and_after_a_restart_acts_once()
    {
        await using var house = await House.OpenAsync(Rules);
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.Owner, receiver.Url, House.Secret, "mention", "followed");
        var bob = house.World.AddAccount("bob");
        var his = house.World.Post(bob, "@alice ping");
        house.World.Follow(bob, house.Owner);
        await house.RestAsync();
        var bodies = receiver.All.Select(hook => hook.Text).ToArray();
        Assert.Equal(2, bodies.Length);

        foreach (var body in bodies)
        {
            for (var time = 0; time < 5; time++)
            {
                Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(body));
            }
        }

        await house.RestartAsync();
        foreach (var body in bodies)
        {
            Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(body));
        }

        await house.RestAsync();
        Assert.Single(house.World.RepliesTo(his));
        Assert.Single(house.Calls("notes/create"));
        Assert.Single(house.Calls("following/create"));
        Assert.Equal(4, house.Ledger.Deliveries().Count(delivery => delivery.Type is "mention" or "followed"));
    }

    [Fact]
    public async Task Fifty_copies_at_once_are_all_acknowledged_and_act_once()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        await house.StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.Owner, receiver.Url, House.Secret, "mention");
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        var body = (await receiver.NextAsync()).Text;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.PostAsync(body)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        await house.RestAsync();
        Assert.Single(house.Ledger.Deliveries());
        Assert.Single(house.World.RepliesTo(his));
    }

    [Fact]
    public async Task Two_hooks_on_one_account_report_one_follower_once_and_coming_back_is_a_new_event()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: note-it
                on: followed
                do:
                  - note: ${user.username} came
            """);
        house.AddWebhook();
        var bob = house.World.AddAccount("bob");

        house.World.Follow(bob, house.Owner);
        await house.RestAsync();
        var afterTheFirst = house.Calls("notes/create").Count;
        house.World.Unfollow(bob, house.Owner);
        house.World.Follow(bob, house.Owner);
        await house.RestAsync();

        Assert.Equal(1, afterTheFirst);
        Assert.Equal(2, house.Calls("notes/create").Count);
        Assert.Equal(4, house.Ledger.Deliveries().Count(delivery => delivery.Type == "followed"));
    }
}
