using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What waits, and what is counted, outlives the process.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task What_waits_before_and_between_steps_goes_on_after_a_restart()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: greet
                on: followed
                after: 2h
                do:
                  - note: hello ${user.username}
                  - wait: 3h
                  - note: still there, ${user.username}?
            """);
        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await house.RestAsync();
        Assert.Equal(WaitReason.After, Assert.Single(house.Ledger.Runs()).WaitsFor);

        await house.RestartAsync(later: TimeSpan.FromHours(1));
        await house.RestAsync();
        var tooEarly = house.Calls("notes/create").Count;
        await house.RestartAsync(later: TimeSpan.FromHours(1.1));
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].WaitsFor == WaitReason.Step, "the first step is done and the run waits for the next");
        var texts = house.World.NotesOf(house.Owner).Select(note => note.Text).ToArray();
        await house.RestartAsync(later: TimeSpan.FromHours(3));
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Succeeded, "the run ends");

        Assert.Equal(0, tooEarly);
        Assert.Equal(["hello bob"], texts);
        Assert.Equal(["hello bob", "still there, bob?"], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task A_short_wait_rings_without_a_restart()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: greet
                on: followed
                after: 1s
                do:
                  - note: one
                  - wait: 1s
                  - note: two
            """);
        var begin = TimeProvider.System.GetTimestamp();

        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both notes are written, before the minute's look would have found them", TimeSpan.FromSeconds(40));

        Assert.True(TimeProvider.System.GetElapsedTime(begin) >= TimeSpan.FromSeconds(2), "it waited twice");
    }

    [Fact]
    public async Task The_condition_is_asked_again_after_a_wait_and_sees_what_changed()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: back
                on: followed
                when: not user.isLocked
                after: 1h
                do:
                  - follow: user
            """);
        var (stays, changes) = (house.World.AddAccount("stays"), house.World.AddAccount("changes"));
        house.World.Follow(stays, house.Owner);
        house.World.Follow(changes, house.Owner);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.After) == 2, "both wait");

        house.World.Change(changes, isLocked: true);
        await house.RestartAsync(later: TimeSpan.FromHours(1.1));
        await house.RestAsync();

        Assert.Equal([stays], house.World.FollowedBy(house.Owner));
        Assert.DoesNotContain(house.World.Accounts, account => house.World.IsRequesting(house.Owner, account));
        Assert.Equal(Gates.NoLongerHolds, house.Ledger.Runs().Single(run => run.State == RunState.Skipped).Gate);
    }

    [Fact]
    public async Task A_limit_is_remembered_over_a_restart_and_frees_its_places_in_time()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: pong
                on: mention
                limit: 2 per user per 24h
                do:
                  - reply: PONG!
            """);
        var bob = house.World.AddAccount("bob");

        for (var i = 0; i < 3; i++)
        {
            house.World.Post(bob, "@alice ping");
            await house.RestAsync();
            await house.RestartAsync();
        }

        var within = house.Calls("notes/create").Count;
        house.World.Post(house.World.AddAccount("carol"), "@alice ping");
        await house.RestAsync();
        var others = house.Calls("notes/create").Count - within;
        house.Time.Shift += TimeSpan.FromHours(24);
        house.World.Post(bob, "@alice ping");
        await house.RestAsync();

        Assert.Equal(2, within);
        Assert.Equal(1, others);
        Assert.Equal(4, house.Calls("notes/create").Count);
        Assert.Equal([null, null, Gates.Limit, null, null], house.Ledger.Deliveries().Where(delivery => delivery.Type == "mention").Select(delivery => delivery.GateOf("pong")));
    }

    [Fact]
    public async Task A_budget_is_remembered_over_a_restart_and_what_is_over_it_waits_and_is_done_later()
    {
        await using var house = await House.OpenAsync("""
            defaults:
              budget: { follows: 2 per 1h }
            rules:
              - name: back
                on: followed
                do:
                  - follow: user
            """);

        for (var i = 0; i < 4; i++)
        {
            house.World.Follow(house.World.AddAccount($"user{i}"), house.Owner);
            await house.RestAsync();
            await house.RestartAsync();
        }

        await house.RestAsync();
        var within = house.Calls("following/create").Count;
        Assert.Equal(2, house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.Budget));
        await house.RestartAsync(later: TimeSpan.FromHours(1.1));
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "all are followed");

        Assert.Equal(2, within);
        Assert.Equal(4, house.World.FollowedBy(house.Owner).Count);
    }
}
