using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>Accounts whose events are streamed come, change and go while the engine runs.</summary>
public sealed class StreamedAccountTests
{
    private const string Pong = "rules: [{ name: pong, on: mention, do: { reply: PONG! } }]";
    private const string Watching = "rules: [{ name: watching, on: { timeline: local }, do: { log: x } }]";

    [Fact]
    public async Task Without_a_public_address_an_account_is_streamed_and_a_note_proves_it()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);

        Assert.Equal(0, await orders.GiveAsync(orders.Connect(isReachable: false)));

        Assert.Equal(AccountSource.Streaming, orders.Find()!.Source);
        Assert.Contains(orders.Told, told => told.EndsWith("streams its events; no webhook and no public address are needed.", StringComparison.Ordinal));
        Assert.Contains(orders.Told, told => told.StartsWith("✓ A note to itself came back by the stream", StringComparison.Ordinal));
        Assert.Equal(DeliveryState.Test, Assert.Single(house.Ledger.Deliveries()).State);
        Assert.Empty(house.Hooks());
        Assert.Empty(house.World.NotesOf(house.Owner));
        Assert.DoesNotContain("write:account", orders.Links.Single().Query, StringComparison.Ordinal);
        await AnswersAsync(house, "bob");
    }

    [Fact]
    public async Task Where_no_rule_needs_own_notes_none_is_posted_and_it_says_what_was_proven()
    {
        await using var house = await Orders.OpenHouseAsync(Watching);
        using var orders = new Orders(house);

        Assert.Equal(0, await orders.GiveAsync(orders.Connect(isReachable: false)));

        Assert.Contains(orders.Told, told => told.EndsWith("streams its events; no webhook and no public address are needed.", StringComparison.Ordinal));
        Assert.Empty(house.Calls("notes/create"));
        Assert.DoesNotContain("write:", orders.Links.Single().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_follows_a_new_token_lasts_over_a_restart_and_ends_with_its_account()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect(isReachable: false));
        var former = orders.Find()!.Token.Reveal();

        Assert.Equal(0, await orders.GiveAsync(orders.Connect(isReachable: false)));
        Assert.NotEqual(former, orders.Find()!.Token.Reveal());
        await ListensAsync(house, streams: 1);
        await AnswersAsync(house, "bob");
        await house.RestartAsync();
        await ListensAsync(house, streams: 1);
        await AnswersAsync(house, "carol");
        await orders.GiveAsync(AccountDeed.Disconnect);

        await ListensAsync(house, streams: 0);
    }

    [Fact]
    public async Task Another_person_of_the_same_name_hears_a_stream_of_their_own()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        var dave = house.World.AddAccount("dave");
        await orders.GiveAsync(orders.Connect(isReachable: false));
        await orders.GiveAsync(AccountDeed.Disconnect);
        orders.Person = "dave";

        Assert.Equal(0, await orders.GiveAsync(orders.Connect(isReachable: false)));

        var his = house.World.Post(house.World.AddAccount("bob"), "@dave ping");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "the mention is answered");
        Assert.Equal(dave.Id, house.World.RepliesTo(his)[0].Author.Id);
        await ListensAsync(house, streams: 0);
    }

    [Fact]
    public async Task A_paused_account_takes_in_what_is_streamed_and_acts_once_it_is_resumed()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect(isReachable: false));
        await orders.GiveAsync(AccountDeed.Pause);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Any(delivery => delivery.State == DeliveryState.Planned), "it is taken in and decided");
        Assert.Empty(house.World.RepliesTo(his));

        await orders.GiveAsync(AccountDeed.Resume);

        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "it is answered");
    }

    [Fact]
    public async Task An_account_with_a_webhook_listens_to_its_stream_for_as_long_as_rules_need_it()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        Assert.Equal(0, await orders.GiveAsync(orders.Connect()));
        Assert.Equal(AccountSource.Webhook, orders.Find()!.Source);

        house.WriteRules(Watching);
        await ListensAsync(house, streams: 1);
        Assert.Equal(AccountSource.Both, orders.Find()!.Source);
        house.WriteRules(Pong);
        await ListensAsync(house, streams: 0);

        Assert.Equal(AccountSource.Webhook, orders.Find()!.Source);
    }

    [Fact]
    public async Task With_a_public_address_what_only_the_stream_tells_is_streamed_as_well_and_that_is_said()
    {
        await using var house = await Orders.OpenHouseAsync(Watching);
        using var orders = new Orders(house);

        Assert.Equal(0, await orders.GiveAsync(orders.Connect()));

        Assert.Contains("✓ It listens to its stream as well, by which timeline:local come at once.", orders.Told);
        Assert.Contains(orders.Told, told => told.StartsWith("✓ A note to itself came back by the webhook", StringComparison.Ordinal));
        await ListensAsync(house, streams: 1);
    }

    [Fact]
    public async Task Who_connects_again_without_an_address_keeps_the_webhook_with_its_secret()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());

        Assert.Equal(0, await orders.GiveAsync(orders.Connect(isReachable: false)));

        Assert.Equal(house.Hooks()[0].Secret, Assert.Single(orders.Find()!.HookSecrets).Secret.Reveal());
        Assert.Contains(orders.Told, told => told.StartsWith("Its webhook stays as it is.", StringComparison.Ordinal));
        Assert.Contains("write:account", orders.Links.Last().Query, StringComparison.Ordinal);
        await AnswersAsync(house, "bob");
    }

    private static async Task AnswersAsync(House house, string person)
    {
        var his = house.World.Post(house.World.AddAccount(person), "@alice ping");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "the mention is answered");
    }

    private static Task ListensAsync(House house, int streams) =>
        Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner, "main") == streams, $"{streams} streams are listened to");
}
