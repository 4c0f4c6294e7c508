using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What people order about single runs and events, in the running engine.</summary>
public sealed class OrdersTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
              - react: 👍
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_run_goes_on_where_it_failed_even_when_its_event_is_old()
    {
        await using var house = await House.OpenAsync(Pong);
        house.Misskey.Inject("notes/reactions/create", Fault.RefuseWith(400, "NOT_NOW"));
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Failed }], "the run fails");
        house.Time.Shift += TimeSpan.FromHours(30);

        var answer = await Orders(house).RetryAsync(house.Ledger.Runs().Single().Id, Token);
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Equal(RetryAnswer.GoesOn, answer);
        Assert.Single(house.World.RepliesTo(his));
        Assert.Single(house.Calls("notes/reactions/create"));
    }

    [Fact]
    public async Task A_waiting_run_is_ended_before_it_acts()
    {
        await using var house = await House.OpenAsync(Pong.Replace("do:", "after: 1h\n    do:", StringComparison.Ordinal));
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Waiting }], "the run waits");

        Assert.Equal(CancelAnswer.Cancelled, await Orders(house).CancelAsync(house.Ledger.Runs().Single().Id, Token));
        await house.RestartAsync(TimeSpan.FromHours(2));
        await house.RestAsync();

        Assert.Equal(RunState.Cancelled, house.Ledger.Runs().Single().State);
        Assert.Empty(house.Calls("notes/create"));
    }

    [Fact]
    public async Task An_event_happens_once_more_for_the_rules_that_did_nothing_about_it()
    {
        await using var house = await House.OpenAsync(Pong);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");
        house.WriteRules("""
            rules:
              - name: late
                on: mention
                do: [{ reply: late }]
            """, "late.yaml");
        await Eventually.HoldsAsync(() => house.Engine.Services.GetRequiredService<RuleVersions>().Current.Find("late") is not null, "the new rule is in force");
        house.Time.Shift += TimeSpan.FromDays(3);
        var number = house.Ledger.Runs().Single().Delivery;

        var replayed = await Events(house).ReplayAsync(number, only: null, withActed: false, Token);
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 2, "the new rule answers");
        var again = await Events(house).ReplayAsync(replayed.Number, only: null, withActed: false, Token);
        await house.RestAsync();

        Assert.Equal((ReplayAnswer.Happens, "late"), (replayed.Answer, Assert.Single(replayed.Runs).RuleName));
        Assert.Equal(["pong"], replayed.LeftOut);
        Assert.Equal((0, 2), (again.Runs.Count, again.LeftOut.Count));
        Assert.Equal(2, house.World.RepliesTo(his).Count);

        var wanted = await Events(house).ReplayAsync(number, only: ["pong"], withActed: true, Token);
        await Eventually.HoldsAsync(() => house.World.RepliesTo(his).Count == 3, "what a person orders twice is done twice");
        Assert.Equal("pong", Assert.Single(wanted.Runs).RuleName);
    }

    [Fact]
    public async Task What_cannot_happen_once_more_is_told()
    {
        await using var house = await House.OpenAsync(Pong);
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        var number = house.Ledger.Runs().Single().Delivery;

        Assert.Equal(ReplayAnswer.NoEvent, (await Events(house).ReplayAsync(999, null, withActed: true, Token)).Answer);
        var unknown = await Events(house).ReplayAsync(number, ["ping"], withActed: true, Token);
        Assert.Equal((ReplayAnswer.NoRule, "ping"), (unknown.Answer, unknown.LeftOut.Single()));
        await house.Engine.Services.GetRequiredService<Store>().Writer.RunAsync(db => db.Sql("delete from bodies").Run(), Token);
        Assert.Equal(ReplayAnswer.BodyIsGone, (await Events(house).ReplayAsync(number, null, withActed: true, Token)).Answer);
    }

    private static RunOrders Orders(House house) => house.Engine.Services.GetRequiredService<RunOrders>();

    private static EventOrders Events(House house) => house.Engine.Services.GetRequiredService<EventOrders>();
}
