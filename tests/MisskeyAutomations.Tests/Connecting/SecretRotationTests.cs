using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>A webhook gets a new secret, and no delivery is lost by it.</summary>
public sealed class SecretRotationTests
{
    private const int Mentions = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_Misskey_repeats_with_the_former_secret_is_taken_over_a_restart_too()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var house = await Orders.OpenHouseAsync("rules:\n  - name: seen\n    on: mention\n    do:\n      - log: seen\n", options => options with { TimeProvider = clock });
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var refused = new ConcurrentQueue<int>();
        house.World.DeliveryAttempted += attempt => refused.Enqueue(attempt.Status);
        var bob = house.World.AddAccount("bob");

        // The engine is away: a third waits at Misskey with the first secret. A third is made while it rotates, a third afterwards.
        await house.StopAsync();
        Post(house, bob);
        await house.World.DeliveriesSettledAsync(Token);
        Assert.Equal(Mentions, house.World.WaitingDeliveries);
        await house.StartAsync();
        var former = house.Hooks()[0].Secret;
        var posting = Task.Run(() => Post(house, bob), Token);
        await orders.GiveAsync(AccountDeed.RotateSecret);
        await posting;
        await house.RestartAsync();
        Post(house, bob);
        for (var minute = 0; minute < 13; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await house.World.DeliveriesSettledAsync(Token);
        }

        await house.RestAsync();
        Assert.NotEqual(former, house.Hooks()[0].Secret);
        Assert.Equal(0, house.World.WaitingDeliveries);
        Assert.DoesNotContain(401, refused);
        Assert.Equal(3 * Mentions, house.Ledger.Runs().Count);
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test, former));
    }

    [Fact]
    public async Task The_former_secret_is_over_after_an_hour()
    {
        await using var house = await Orders.OpenHouseAsync("rules: []");
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var former = house.Hooks()[0].Secret;
        await orders.GiveAsync(AccountDeed.RotateSecret);

        house.Time.Shift += TimeSpan.FromMinutes(59);
        await house.Engine.Services.GetRequiredService<ConnectedAccounts>().ExpireAsync(Token);
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test, former));
        house.Time.Shift += TimeSpan.FromMinutes(2);
        await house.Engine.Services.GetRequiredService<ConnectedAccounts>().ExpireAsync(Token);

        Assert.Equal(HttpStatusCode.Unauthorized, await house.PostAsync(Test, former));
        Assert.Single(orders.Find()!.HookSecrets);
    }

    [Fact]
    public async Task While_nobody_knows_whether_Misskey_has_the_new_secret_both_are_taken_until_it_is_known()
    {
        await using var house = await Orders.OpenHouseAsync("rules: []");
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var former = house.Hooks()[0].Secret;
        house.Misskey.Inject("i/webhooks/update", Fault.ExecuteThenReset);
        house.Misskey.Inject("i/webhooks/list", Fault.ResetBefore, times: 100);

        Assert.Contains("is not known", await orders.RefusedAsync(new AccountOrder { Deed = AccountDeed.RotateSecret, Name = "main" }), StringComparison.Ordinal);
        house.Time.Shift += TimeSpan.FromHours(2);
        await house.RestartAsync();
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test, former));
        Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Test, house.Hooks()[0].Secret));
        house.Misskey.ClearFaults();
        var settled = await house.Engine.Services.GetRequiredService<SecretRotation>().AskAsync("main", Token);

        Assert.Equal(house.Hooks()[0].Secret, settled!.HookSecrets[0].Secret.Reveal());
        Assert.NotNull(settled.HookSecrets[1].Until);
    }

    [Fact]
    public async Task What_Misskey_refuses_leaves_the_secret_as_it_was()
    {
        await using var house = await Orders.OpenHouseAsync("rules: []");
        using var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect());
        var secret = house.Hooks()[0].Secret;
        house.Misskey.Inject("i/webhooks/update", Fault.RefuseWith(400, "INVALID_PARAM"));

        Assert.Contains("the present one stays", await orders.RefusedAsync(new AccountOrder { Deed = AccountDeed.RotateSecret, Name = "main" }), StringComparison.Ordinal);

        Assert.Equal(secret, Assert.Single(orders.Find()!.HookSecrets).Secret.Reveal());
    }

    private static string Test =>
        $$$"""{"hookId":"h","eventId":"{{{Guid.NewGuid()}}}","createdAt":{{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}},"type":"note","body":{"note":{"id":"dummy-note-1"} } }""";

    private static void Post(House house, MisskeyAutomations.Sandbox.Model.Account bob)
    {
        for (var number = 0; number < Mentions; number++)
        {
            house.World.Post(bob, $"@alice {number}");
        }
    }
}
