using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What every store promises about what only streaming and comparing tell.</summary>
public abstract class StreamContract : StoreContract
{
    private static readonly Follower Bob = new("bob9", "f1");
    private static readonly Follower Carol = new("carol9", "f2");

    private protected StreamContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task A_rule_on_several_places_takes_a_note_once_and_other_rules_take_it_too()
    {
        Assert.Single((await Store.DecideAsync(new Subject("note:n1", Recurs: false), runs: Plan("n1"))).Runs);
        var again = await Store.DecideAsync(new Subject("timeline:home:n1", Recurs: false), runs: Plan("n1"));
        var other = await Store.DecideAsync(new Subject("antenna:tea:n1", Recurs: false), runs: Plan("n1", "other"));
        var next = await Store.DecideAsync(new Subject("timeline:home:n2", Recurs: false), runs: Plan("n2"));

        Assert.Empty(again.Runs);
        var verdict = Assert.Single(again.Verdicts);
        Assert.Equal((Gates.Overlap, true), (verdict.Gate, verdict.Reason!.Contains("it runs once for a note", StringComparison.Ordinal)));
        Assert.Single(other.Runs);
        Assert.Single(next.Runs);
    }

    [Fact]
    public async Task Followers_are_kept_with_what_is_told_of_them_over_a_death()
    {
        Assert.Null(await Store.Inbox.FindFollowerMarkAsync("alice", Token));

        await Store.Inbox.ChangeFollowersAsync(new("alice", [], [Bob, Carol], [], null), Token);
        await Store.Inbox.ChangeFollowersAsync(new("alice", [Bob], [new("dave9", "f3")], [Left(Bob)], new("alice", "alice9", Store.Now, 0)), Token);
        await Store.Inbox.ChangeFollowersAsync(new("zoe", [Carol], [Bob], [], null), Token);
        Store.Reopen();

        Assert.Equal(new FollowerMark("alice", "alice9", Store.Now, Count: 2), await Store.Inbox.FindFollowerMarkAsync("alice", Token));
        Assert.Equal(["carol9 f2", "dave9 f3"], (await Store.Inbox.ListFollowersAsync("alice", Token)).Select(follower => $"{follower.UserId} {follower.FollowId}").Order(StringComparer.Ordinal));
        Assert.Equal("unfollowed:bob9:f1", Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token)).EventId);
        Assert.Null(await Store.Inbox.FindFollowerMarkAsync("zoe", Token));
    }

    [Fact]
    public async Task Whoever_left_is_told_once_by_several_engines_and_again_after_coming_back()
    {
        await Store.Inbox.ChangeFollowersAsync(new("alice", [], [Bob], [], null), Token);
        await Store.Inbox.ChangeFollowersAsync(new("alice", [Bob], [], [Left(Bob)], null), Token);
        await Store.Inbox.ChangeFollowersAsync(new("alice", [Bob], [], [Left(Bob)], null), Token);
        var back = Bob with { FollowId = "f9" };
        await Store.Inbox.ChangeFollowersAsync(new("alice", [], [back], [], null), Token);

        // Another engine read its list before Bob came back.
        await Store.Inbox.ChangeFollowersAsync(new("alice", [Bob], [], [Left(Bob)], null), Token);

        Assert.Equal(back, Assert.Single(await Store.Inbox.ListFollowersAsync("alice", Token)));
        Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token));
        await Store.Inbox.ChangeFollowersAsync(new("alice", [back], [], [Left(back)], null), Token);
        Assert.Equal(2, (await Store.Inbox.TakeAsync(0, 10, Token)).Count);
    }

    [Fact]
    public async Task A_notification_that_is_streamed_and_caught_up_on_is_one_delivery()
    {
        var streamed = StoreUnderTest.Some("notification:n1", hook: "", source: "streaming", createdAt: 1_795_489_525_120);
        var subject = new Subject("followed:bob9", Recurs: true);
        await Store.Inbox.AddAsync(streamed, Token);

        var caughtUp = await Store.Inbox.CatchUpAsync(new("alice", "alice9", "n1", Store.Now), [new(streamed with { Source = "catch-up" }, subject, Store.Now)], Token);

        Assert.Equal(0, caughtUp.New);
        Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token));
    }

    private PlannedRun Plan(string note, string rule = "greet") => Store.Plan(rule) with { OncePerNote = note };

    private static NewDelivery Left(Follower follower) =>
        StoreUnderTest.Some($"unfollowed:{follower.UserId}:{follower.FollowId}", hook: "", source: "followers");
}
