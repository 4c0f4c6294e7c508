using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What every inbox promises about what notifications tell.</summary>
public abstract class CatchUpContract : StoreContract
{
    private static readonly Subject Note = new("note:9abc", Recurs: false);
    private static readonly Subject Followed = new("followed:bob9", Recurs: true);

    private protected CatchUpContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task The_mark_of_each_account_stays_where_it_was_put_last_over_a_death()
    {
        Assert.Null(await Store.Inbox.FindCatchUpMarkAsync("alice", Token));

        await Store.Inbox.CatchUpAsync(Mark("n1"), [], Token);
        await Store.Inbox.CatchUpAsync(Mark("n2") with { LookedAt = Store.Now.AddHours(1) }, [], Token);
        await Store.Inbox.CatchUpAsync(Mark("n9") with { Account = "bob" }, [], Token);
        Store.Reopen();

        Assert.Equal(Mark("n2") with { LookedAt = Store.Now.AddHours(1) }, await Store.Inbox.FindCatchUpMarkAsync("alice", Token));
        Assert.Equal("n9", (await Store.Inbox.FindCatchUpMarkAsync("bob", Token))?.NotificationId);
        Assert.Null(await Store.Inbox.FindCatchUpMarkAsync("carol", Token));
    }

    [Fact]
    public async Task What_is_told_is_stored_with_the_mark_and_taken_like_any_delivery()
    {
        Assert.Equal(new CaughtUp(New: 2, Known: 0), await Store.Inbox.CatchUpAsync(Mark("n2"), [Told("n1", Note), Told("n2", Followed)], Token));

        Store.Reopen();

        Assert.Equal(["notification:n1", "notification:n2"], (await Store.Inbox.TakeAsync(0, 10, Token)).Select(delivery => delivery.EventId));
        Assert.Equal("n2", (await Store.Inbox.FindCatchUpMarkAsync("alice", Token))?.NotificationId);
    }

    [Fact]
    public async Task A_page_that_cannot_be_stored_moves_no_mark_and_leaves_nothing_of_itself()
    {
        await Store.Inbox.CatchUpAsync(Mark("n1"), [], Token);
        var broken = Told("n3", Followed);

        await Assert.ThrowsAnyAsync<Exception>(() => Store.Inbox.CatchUpAsync(Mark("n3"), [Told("n2", Note), broken with { Delivery = broken.Delivery with { EventId = null! } }], Token));
        Store.Reopen();

        Assert.Equal("n1", (await Store.Inbox.FindCatchUpMarkAsync("alice", Token))?.NotificationId);
        Assert.Equal(2, (await Store.Inbox.CatchUpAsync(Mark("n3"), [Told("n2", Note), broken], Token)).New);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_put_leaves_nothing_of_its_page()
    {
        await Store.Inbox.CatchUpAsync(Mark("n1"), [], Token);

        await Assert.ThrowsAnyAsync<Exception>(() => Store.Inbox.CatchUpAsync(Mark(null!), [Told("n2", Note)], Token));
        Store.Reopen();

        Assert.Equal("n1", (await Store.Inbox.FindCatchUpMarkAsync("alice", Token))?.NotificationId);
        Assert.Equal(new CaughtUp(New: 1, Known: 0), await Store.Inbox.CatchUpAsync(Mark("n2"), [Told("n2", Note)], Token));
    }

    [Fact]
    public async Task Who_waits_for_deliveries_is_woken()
    {
        var taking = Store.Inbox.TakeAsync(0, 10, Token);

        await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Note)], Token);

        Assert.Single(await taking.WaitAsync(Eventually.Patience, Token));
    }

    [Fact]
    public async Task What_is_told_again_is_stored_once()
    {
        await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Note), Told("n2", Followed)], Token);

        Assert.Equal(0, (await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Note), Told("n2", Followed)], Token)).New);

        Assert.Equal(2, (await Store.Inbox.TakeAsync(0, 10, Token)).Count);
    }

    [Fact]
    public async Task A_note_that_is_decided_already_is_not_stored_again()
    {
        await Store.DecideAsync(Note);

        Assert.Equal(new CaughtUp(New: 1, Known: 1), await Store.Inbox.CatchUpAsync(Mark("n2"), [Told("n1", Note), Told("n2", new("note:other", Recurs: false))], Token));

        Assert.Equal(["notification:n2"], (await Store.Inbox.TakeAsync(0, 10, Token)).Select(delivery => delivery.EventId));
    }

    [Theory]
    [InlineData("note", true)]
    [InlineData("note", false)]
    [InlineData("user", true)]
    [InlineData("user", false)]
    public async Task What_is_set_aside_or_not_decided_yet_does_not_come_back_by_another_way(string about, bool isSetAside)
    {
        var (type, subject) = about == "note" ? ("mention", Note) : ("followed", Followed);
        var id = about == "note" ? "9abc" : "bob9";
        var body = $$$"""{ "type": "{{{type}}}", "eventId": "e", "createdAt": {{{Store.Now.ToUnixTimeMilliseconds()}}}, "body": { "{{{about}}}": { "id": "{{{id}}}" } } }""";
        var delivery = await Store.ArriveAsync(body: body);
        if (isSetAside)
        {
            await Store.Inbox.CompleteAsync(Store.DecisionOf(delivery) with { State = DeliveryState.Quarantined, Subject = null }, Token);
        }

        Assert.Equal(new CaughtUp(New: 0, Known: 1), await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", subject)], Token));

        await Store.Inbox.AddAsync(StoreUnderTest.Some("the last"), Token);
        Assert.Equal(isSetAside ? 1 : 2, (await Store.Inbox.TakeAsync(0, 10, Token)).Count);
    }

    [Fact]
    public async Task What_was_set_aside_is_compared_in_little_memory_however_large_it_is()
    {
        for (var number = 0; number < 40; number++)
        {
            var body = $$$"""{ "type": "mention", "eventId": "e{{{number}}}", "body": { "text": "{{{new string('x', 1_000_000)}}}" } }""";
            await Store.Inbox.CompleteAsync(Deciding.Quarantine(await Store.ArriveAsync(body: body), "no note"), Token);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var catchingUp = Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Note)], Token);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
        Assert.Equal(1, (await catchingUp).New);
    }

    [Fact]
    public async Task A_note_that_was_hidden_is_stored_for_its_readable_copy()
    {
        await Store.DecideAsync(Note, isReadable: false);

        Assert.Equal(new CaughtUp(New: 1, Known: 0), await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Note)], Token));
    }

    [Fact]
    public async Task Of_a_follow_that_was_told_the_decision_says_whether_it_is_the_same()
    {
        await Store.DecideAsync(Followed, at: Store.Now);

        Assert.Equal(new CaughtUp(New: 0, Known: 1), await Store.Inbox.CatchUpAsync(Mark("n1"), [Told("n1", Followed)], Token));
        var again = Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token));

        Assert.True((await Store.Inbox.CompleteAsync(Store.DecisionOf(again, Followed), Token)).AlreadyDecided);
    }

    [Fact]
    public async Task Another_accounts_note_is_not_known()
    {
        await Store.DecideAsync(Note);

        Assert.Equal(1, (await Store.Inbox.CatchUpAsync(Mark("n1") with { Account = "bob" }, [Told("n1", Note, account: "bob")], Token)).New);
    }

    private CatchUpMark Mark(string notification) => new("alice", "alice9", notification, Store.Now);

    private ToldEvent Told(string id, Subject subject, string account = "alice") =>
        new(StoreUnderTest.Some(NotificationEvents.IdOf(id), hook: "", account, source: "catch-up"), subject, Store.Now);
}
