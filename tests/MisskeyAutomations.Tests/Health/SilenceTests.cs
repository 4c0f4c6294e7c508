using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Health;

/// <summary>An account of which nothing comes any more is told of, by the way by which its events come.</summary>
public sealed class SilenceTests
{
    private const string Rules = "rules: [ { name: all, on: mention, do: [ { log: x } ] } ]";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_is_told_only_of_accounts_that_had_heard_something()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Alerts = new AlertOptions { Targets = [new AlertTarget.Misskey("main", User: null)] };
        await house.StartAsync();
        Assert.True((await house.Engine.Services.GetServices<TroubleWatch>().Single(one => one.Kind == "silence").LookAsync(Cancelled)).IsUnknown("main"));
        await AssertUnknownAsync(house);
        house.AddWebhook("mention");
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        var time = new FakeTimeProvider(house.Time.GetUtcNow());
        var (watch, stranger) = (Watch(house, time), new SilenceWatch(new AlertOptions(), house.Engine.Services.GetRequiredService<StoreFigures>(), new AccountDirectory([]), time));

        time.Advance(TimeSpan.FromHours(23));
        Assert.Empty((await watch.LookAsync(Cancelled)).Troubles);
        time.Advance(TimeSpan.FromHours(2));

        var trouble = Assert.Single((await watch.LookAsync(Cancelled)).Troubles);
        Assert.Equal("main", trouble.Subject);
        Assert.StartsWith("No webhook has come for account main for more than 24 hours.", trouble.Text.ToString(), StringComparison.Ordinal);
        Assert.Contains("/hooks/main", trouble.Text.In(Translation.Japanese), StringComparison.Ordinal);
        Assert.Empty((await stranger.LookAsync(Cancelled)).Troubles);
    }

    [Fact]
    public async Task An_account_whose_stream_is_silent_is_told_of_though_it_catches_up()
    {
        await using var house = await StreamingTests.ListenAsync(Rules, places: 0);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice heard");
        await StreamingTests.RanAsync(house, 1);
        var time = new FakeTimeProvider(house.Time.GetUtcNow());
        var watch = Watch(house, time);

        house.Time.Shift += TimeSpan.FromHours(24);
        house.World.StreamsAreDown = true;
        house.World.Post(bob, "@alice missed");
        house.World.StreamsAreDown = false;
        await StreamingTests.RanAsync(house, 2);
        time.Advance(TimeSpan.FromHours(25));

        var trouble = Assert.Single((await watch.LookAsync(Cancelled)).Troubles);
        Assert.Equal("main", trouble.Subject);
        Assert.Equal("Nothing has been streamed to account main for more than 24 hours. `doctor --account main` says whether it hears its stream.", trouble.Text.ToString());
        await Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner, "main") == 1, "it listens again");
        house.World.Post(bob, "@alice heard again");
        await StreamingTests.RanAsync(house, 3);
        Assert.Empty((await watch.LookAsync(Cancelled)).Troubles);
    }

    // Whoever was told of a silence before records of it ran out is not told that it is over.
    private static async Task AssertUnknownAsync(House house)
    {
        var time = new FakeTimeProvider(house.Time.GetUtcNow());
        var watch = Watch(house, time);
        time.Advance(TimeSpan.FromDays(31));
        var sight = await watch.LookAsync(Cancelled);
        Assert.Empty(sight.Troubles);
        Assert.True(sight.IsUnknown("main"));
        Assert.False(sight.IsUnknown("removed"));
    }

    private static SilenceWatch Watch(House house, TimeProvider time) => new(
        new AlertOptions(), house.Engine.Services.GetRequiredService<StoreFigures>(), house.Engine.Services.GetRequiredService<AccountDirectory>(), time);
}
