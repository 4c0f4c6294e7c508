using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>An account is connected to a running engine, and is live at once.</summary>
public sealed class ConnectTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
          - name: diary
            on: note
            do:
              - react: 👍
        """;

    [Fact]
    public async Task An_account_is_connected_proven_and_answers_without_a_restart()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);

        Assert.Equal(0, await orders.GiveAsync(orders.Connect()));

        var hook = Assert.Single(house.Hooks());
        Assert.Equal((house.Door.AbsoluteUri, 48), (hook.Url, hook.Secret.Length));
        Assert.Equal(["mention", "note"], hook.On);
        Assert.Contains(orders.Told, told => told.StartsWith("✓ A note to itself came back", StringComparison.Ordinal));
        Assert.Empty(house.World.NotesOf(house.Owner));
        Assert.Equal(DeliveryState.Test, Assert.Single(house.Ledger.Deliveries()).State);
        Assert.Contains("permission=read:account,read:blocks,read:mutes,read:notifications,write:account,write:notes,write:reactions", Assert.Single(orders.Links).Query, StringComparison.Ordinal);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "the mention is answered");
    }

    [Fact]
    public async Task Who_connects_again_keeps_the_webhook_and_what_is_still_on_its_way()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var (hook, former) = (house.Hooks()[0], house.Hooks()[0].Secret);

        Assert.Equal(0, await orders.GiveAsync(orders.Connect()));

        Assert.Same(hook, Assert.Single(house.Hooks()));
        Assert.NotEqual(former, hook.Secret);
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test("1"), former));
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test("2"), hook.Secret));
    }

    [Fact]
    public async Task Who_connects_again_for_another_address_takes_the_webhook_along_and_it_alone_is_proven()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await using var elsewhere = await AnsweringServer.StartAsync(_ => Task.CompletedTask);
        await orders.GiveAsync(orders.Connect());
        house.World.AddWebhook(house.Owner, house.Door + "?again", house.Hooks()[0].Secret, "note");

        Assert.Equal(1, await orders.GiveAsync(orders.Connect() with { PublicUrl = elsewhere.Address }));

        Assert.Equal([$"{elsewhere.Address}hooks/main", house.Door + "?again"], house.Hooks().Select(hook => hook.Url));
        Assert.Contains("something else answers there", orders.Told.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_person_gets_another_name_and_may_not_take_one_that_is_taken()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        house.World.AddAccount("bob_2");
        await orders.GiveAsync(orders.Connect());
        orders.Person = "bob_2";

        Assert.Contains("Account main is @alice", await orders.RefusedAsync(orders.Connect("main")), StringComparison.Ordinal);
        Assert.Equal(0, await orders.GiveAsync(orders.Connect()));

        Assert.Equal(("alice", "bob_2"), (orders.Find()!.Username, orders.Find("bob-2")!.Username));
    }

    [Fact]
    public async Task Where_the_server_allows_no_more_webhooks_those_that_are_there_are_named_and_one_may_be_given_up()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        var others = Enumerable.Range(0, 3).Select(number => house.World.AddWebhook(house.Owner, $"https://old.example/hooks/{number}", "0123456789abcdef", "note")).ToArray();

        var refusal = await orders.RefusedAsync(orders.Connect());
        Assert.Null(orders.Find());
        Assert.Equal(0, await orders.GiveAsync(orders.Connect(replace: others[1].Id)));

        Assert.All(others, other => Assert.Contains($"{other.Id} \"webhook\" {other.Url}", refusal, StringComparison.Ordinal));
        Assert.Contains("--replace ID", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(others[1], house.Hooks());
        Assert.Equal(3, house.Hooks().Count);
    }

    [Fact]
    public async Task What_nobody_allows_ends_with_a_sentence_and_leaves_nothing_behind()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house) { Person = null };

        Assert.Contains("It was not allowed within 1 s, or it was denied; nothing was kept.", await orders.RefusedAsync(orders.Connect(seconds: 1)), StringComparison.Ordinal);

        Assert.Null(orders.Find());
        Assert.Empty(house.Hooks());
    }

    [Fact]
    public async Task A_webhook_that_does_not_arrive_is_told_as_Misskey_saw_it_and_the_account_stays()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await using var elsewhere = await AnsweringServer.StartAsync(context => { context.Response.StatusCode = 404; return Task.CompletedTask; });

        Assert.Equal(1, await orders.GiveAsync(orders.Connect() with { PublicUrl = elsewhere.Address }));

        Assert.Contains("is answered with 404: the proxy does not pass /hooks/ on to this engine", orders.Told.Last(), StringComparison.Ordinal);
        Assert.NotNull(orders.Find());
        Assert.Empty(house.World.NotesOf(house.Owner));
    }

    [Fact]
    public async Task The_webhook_follows_the_rules_and_a_permission_that_is_missing_is_told_with_the_rule_that_needs_it()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());

        house.WriteRules("rules:\n  - name: befriend\n    on: followed\n    do:\n      - follow: user\n");

        await Eventually.HoldsAsync(() => house.Hooks()[0].On.Order().SequenceEqual(["followed", "note"]), "its types follow");
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("was not made for write:following (for befriend): `connect 127.0.0.1 --name main`", StringComparison.Ordinal)), "the log says what lacks");
    }

    [Fact]
    public async Task An_account_that_is_disconnected_is_gone_here_and_its_webhook_there()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var secret = house.Hooks()[0].Secret;

        Assert.Equal(0, await orders.GiveAsync(AccountDeed.Disconnect));

        Assert.Empty(house.Hooks());
        Assert.Null(orders.Find());
        Assert.Equal(HttpStatusCode.Unauthorized, await house.PostAsync(Test("1"), secret));
        Assert.Contains("There is no connected account main", await orders.RefusedAsync(new AccountOrder { Deed = AccountDeed.Disconnect, Name = "main" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_its_owner_pauses_acts_once_it_is_resumed_over_a_restart_too()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        await orders.GiveAsync(AccountDeed.Pause);
        await house.RestartAsync();
        Assert.Contains("main", house.Engine.Services.GetRequiredService<Holds>().Stopped);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        Assert.Empty(house.World.RepliesTo(his));

        await orders.GiveAsync(AccountDeed.Resume);

        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 1, "it is answered");
    }

    [Fact]
    public async Task The_configuration_wins_and_says_so()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        house.Accounts = null;

        await house.RestartAsync();

        Assert.Contains(house.Log.Lines, line => line.Contains("Account main was connected and stands in the configuration, too", StringComparison.Ordinal));
        Assert.Null(orders.Find());
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test("1"), House.Secret));
        Assert.Contains("stands in the configuration", await orders.RefusedAsync(orders.Connect("main")), StringComparison.Ordinal);
        Assert.Contains("stands in the configuration", await orders.RefusedAsync(new AccountOrder { Deed = AccountDeed.RotateSecret, Name = "main" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_key_an_account_takes_no_webhook_and_refuses_none_until_the_key_is_back()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var (secret, keys) = (house.Hooks()[0].Secret, Path.Combine(house.Data, "keys"));
        await house.StopAsync();
        Directory.Move(keys, keys + ".aside");
        await house.StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await house.PostAsync(Test("1"), secret));
        Assert.Contains(house.Log.Lines, line => line.Contains("The secrets of account main could not be read: their key is not in", StringComparison.Ordinal));
        await house.StopAsync();
        Directory.Delete(keys, recursive: true);
        Directory.Move(keys + ".aside", keys);
        await house.StartAsync();

        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test("1"), secret));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(keys))));
        }
    }

    [Fact]
    public async Task No_token_and_no_secret_stands_in_the_log_the_database_or_what_is_told()
    {
        await using var house = await Orders.OpenHouseAsync(Pong);
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        await orders.GiveAsync(AccountDeed.RotateSecret);
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        var account = orders.Find()!;
        string[] canaries = [account.Token.Reveal(), .. account.HookSecrets.Select(term => term.Secret.Reveal())];
        await house.StopAsync();

        var texts = Directory.GetFiles(house.Data).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))
            .Append(string.Join('\n', house.Log.Lines)).Append(string.Join('\n', orders.Told)).Append(account.ToString()).ToArray();

        Assert.Equal(3, canaries.Length);
        Assert.All(texts, text => Assert.All(canaries, canary => Assert.DoesNotContain(canary, text, StringComparison.Ordinal)));
    }

    private static string Test(string id) =>
        $$$"""{"hookId":"h","eventId":"{{{id}}}","createdAt":{{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}},"type":"note","body":{"note":{"id":"dummy-note-1"} } }""";
}
