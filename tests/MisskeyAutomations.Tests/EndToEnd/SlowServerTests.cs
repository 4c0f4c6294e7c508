using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A server that answers, but slowly, keeps nobody waiting but those who ask it for the slow thing.</summary>
public sealed class SlowServerTests
{
    // More than are worked on at once.
    private const int Followers = LeasedRuns.AccountShare + 10;

    private const string Rules = """
        defaults:
          budget: { follows: 1000 per 1h }
        rules:
          - name: back
            on: followed
            do:
              - follow: user
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    [Fact]
    public async Task An_account_on_a_slow_server_keeps_no_other_account_waiting()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        await using var slow = await SandboxServer.StartAsync(
            new SandboxOptions { DeliveriesPerSecond = 10_000, DeliveryTimeout = Eventually.Patience, TimeProvider = house.Time }, TestContext.Current.CancellationToken);
        var sue = slow.World.AddAccount("sue", "Sue");
        house.Accounts = [AccountOf("main", house.Misskey, house.Owner), AccountOf("slow", slow, sue)];
        await house.StartAsync();
        house.AddWebhook();
        slow.World.AddWebhook(sue, new Uri(house.Door, "slow").AbsoluteUri, House.Secret, House.HookTypes);

        await FollowAsync(house, slow, sue);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "the other account answers");

        Assert.Empty(Settled(house));
    }

    [Fact]
    public async Task A_rule_whose_calls_are_slow_keeps_no_other_rule_of_its_account_waiting()
    {
        await using var house = await House.OpenAsync(Rules);

        await FollowAsync(house, house.Misskey, house.Owner);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "the other rule answers");

        Assert.Empty(Settled(house));
    }

    [Fact]
    public async Task What_is_left_in_the_store_while_too_much_waits_is_done_in_its_turn()
    {
        const int Many = LeasedRuns.Capacity * 2;
        await using var house = await House.OpenAsync("""
            defaults:
              budget: { reactions: 100000 per 1h }
              replies: { per-user: 100000 per 1h, per-thread: 100000 per 1h }
            rules:
              - name: star
                on: mention
                do:
                  - react: 👍
            """);
        house.Misskey.InjectAtRandom("notes/reactions/create", Fault.Delay(TimeSpan.FromMilliseconds(200)), probability: 1, seed: 1);
        var bob = house.World.AddAccount("bob");

        for (var i = 0; i < Many; i++)
        {
            house.World.Post(bob, $"@alice {i}");
        }

        await house.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.State == RunState.Succeeded) == Many, "all is done", TimeSpan.FromMinutes(2));

        Assert.Equal(Many, house.Calls("notes/reactions/create").Count);
    }

    // Each of these calls is answered after so long that it is given up before.
    private static async Task FollowAsync(House house, SandboxServer misskey, Person owner)
    {
        misskey.InjectAtRandom("following/create", Fault.Delay(TimeSpan.FromSeconds(60)), probability: 1, seed: 1);
        for (var i = 0; i < Followers; i++)
        {
            misskey.World.Follow(misskey.World.AddAccount($"follower{i}"), owner);
        }

        await misskey.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.Rule == "back") == Followers, "all are to be followed");
    }

    private static List<RunRow> Settled(House house) =>
        [.. house.Ledger.Runs().Where(run => run is { Rule: "back", State: not (RunState.Running or RunState.Ready) })];

    private static Account AccountOf(string name, SandboxServer misskey, Person owner) =>
        new() { Name = name, Server = misskey.Url, Token = new Secret(owner.Token), HookSecrets = [new Secret(House.Secret)] };
}
