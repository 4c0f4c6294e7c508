using System.Text;
using System.Text.Json;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What every inbox promises.</summary>
public abstract class InboxContract : StoreContract
{
    private protected InboxContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task A_delivery_comes_back_as_it_went_in()
    {
        var body = new byte[] { 0x7B, 0xFF, 0x00, 0x7D };
        var delivery = new NewDelivery("alice", "atxobffpnxg8001d", "361b7c78-e28d-4c5e-a6aa-afb32c3a32b6", "webhook", Store.Now, body, Scrubbed: true);

        await Store.Inbox.AddAsync(delivery, Token);

        var taken = Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token));
        Assert.Equal(("alice", "atxobffpnxg8001d", "361b7c78-e28d-4c5e-a6aa-afb32c3a32b6", "webhook"), (taken.Account, taken.HookId, taken.EventId, taken.Source));
        Assert.Equal((Store.Now, true), (taken.ReceivedAt, taken.Scrubbed));
        Assert.Equal(body, taken.Body.ToArray());
    }

    [Theory]
    [InlineData("361b7c78-e28d-4c5e-a6aa-afb32c3a32b6")]
    [InlineData("361B7C78-E28D-4C5E-A6AA-AFB32C3A32B6")]
    [InlineData("361b7c78e28d4c5ea6aaafb32c3a32b6")]
    [InlineData("cron:morning:2026-11-24T07:00Z")]
    [InlineData("絵文字")]
    [InlineData(" ")]
    public async Task Every_event_id_comes_back_letter_by_letter(string eventId)
    {
        await Store.Inbox.AddAsync(StoreUnderTest.Some(eventId), Token);

        Assert.Equal(eventId, (await Store.Inbox.TakeAsync(0, 1, Token))[0].EventId);
    }

    [Fact]
    public async Task The_same_event_id_of_the_same_hook_is_stored_once()
    {
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1", createdAt: 5), Token));

        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1", createdAt: 5), Token));

        Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token));
    }

    [Fact]
    public async Task The_same_time_of_a_cron_rule_is_one_delivery_for_each_account_also_after_it_was_decided()
    {
        const string Ring = "cron:morning:2026-11-24T07:00Z";
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some(Ring, hook: "", source: "cron", createdAt: 5), Token));
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some(Ring, hook: "", source: "cron", account: "bob", createdAt: 5), Token));
        foreach (var delivery in await Store.Inbox.TakeAsync(0, 10, Token))
        {
            await Store.Inbox.CompleteAsync(Store.DecisionOf(delivery), Token);
        }

        Store.Reopen();

        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some(Ring, hook: "", source: "cron", createdAt: 5), Token));
        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some(Ring, hook: "", source: "cron", account: "bob", createdAt: 5), Token));
    }

    [Fact]
    public async Task Marks_of_the_clock_outlive_the_process_and_are_replaced_as_a_whole()
    {
        CronMark[] marks = [new("朝", "0 8 * * * Asia/Tokyo", Store.Now), new("朝", "0 9 * * * UTC", Store.Now.AddMinutes(1)), new("b", "0 8 * * * UTC", Store.Now)];
        Assert.Empty(await Store.Inbox.ListCronMarksAsync(Token));
        await Store.Inbox.SaveCronMarksAsync(marks, Token);

        Store.Reopen();

        Assert.Equal(marks.ToHashSet(), (await Store.Inbox.ListCronMarksAsync(Token)).ToHashSet());
        await Store.Inbox.SaveCronMarksAsync([marks[1] with { At = Store.Now.AddHours(1) }], Token);
        Assert.Equal([marks[1] with { At = Store.Now.AddHours(1) }], await Store.Inbox.ListCronMarksAsync(Token));
    }

    [Fact]
    public async Task The_same_event_id_is_another_delivery_for_another_hook_and_another_account()
    {
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token));

        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1", hook: "hook2"), Token));
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1", account: "bob"), Token));
    }

    [Fact]
    public async Task Hooks_that_a_sender_invents_are_known_apart_up_to_a_number_and_are_one_from_then_on()
    {
        for (var number = 0; number < 300; number++)
        {
            Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some($"e{number}", hook: $"invented {number}"), Token));
        }

        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1", hook: "invented 0"), Token));
        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some("e299", hook: "invented 299"), Token));
        Assert.True(await Store.Inbox.AddAsync(StoreUnderTest.Some("e299", hook: "hook1", account: "bob"), Token));
        Store.Reopen();

        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some("e299", hook: "invented 299"), Token));
        Assert.Equal(302, (await Store.Inbox.TakeAsync(0, 1_000, Token)).Count);
        Assert.Equal(258, ((DurableUnderTest)Store).Store.Readers.Read(connection => connection.ExecuteScalar<long>("select count(*) from hooks")));
    }

    [Fact]
    public async Task Of_fifty_equal_deliveries_at_once_one_is_new()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token), Token)));

        Assert.Equal(1, added.Count(isNew => isNew));
    }

    [Fact]
    public async Task A_duplicate_is_still_known_after_the_process_died()
    {
        await Store.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token);

        Store.Reopen();

        Assert.False(await Store.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token));
    }

    [Fact]
    public async Task Deliveries_are_taken_in_the_order_of_arrival_and_after_the_last_one_taken()
    {
        foreach (var id in (string[])["c", "a", "b", "d"])
        {
            await Store.Inbox.AddAsync(StoreUnderTest.Some(id), Token);
        }

        var first = await Store.Inbox.TakeAsync(0, 3, Token);
        var rest = await Store.Inbox.TakeAsync(first[^1].Id, 3, Token);

        Assert.Equal(["c", "a", "b"], first.Select(delivery => delivery.EventId));
        Assert.Equal(["d"], rest.Select(delivery => delivery.EventId));
    }

    [Fact]
    public async Task Of_large_deliveries_no_more_are_taken_than_fit_into_little_memory_and_none_is_passed_over()
    {
        for (var number = 0; number < 20; number++)
        {
            await Store.Inbox.AddAsync(StoreUnderTest.Some($"e{number}", body: new string('x', 1_000_000)), Token);
        }

        var taken = new List<IReadOnlyList<Delivery>>();
        while (taken.Sum(batch => batch.Count) < 20)
        {
            taken.Add(await Store.Inbox.TakeAsync(taken.LastOrDefault()?[^1].Id ?? 0, 256, Token));
        }

        Assert.Equal([9, 9, 2], taken.Select(batch => batch.Count));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"e{number}"), taken.SelectMany(batch => batch).Select(delivery => delivery.EventId));
    }

    [Fact]
    public async Task Who_takes_waits_until_something_arrives()
    {
        var taking = Store.Inbox.TakeAsync(0, 10, Token);
        Assert.False(taking.IsCompleted);

        await Store.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token);

        Assert.Equal("e1", Assert.Single(await taking.WaitAsync(Eventually.Patience, Token)).EventId);
    }

    [Fact]
    public async Task Who_waits_can_be_called_off()
    {
        using var called = new CancellationTokenSource();
        var taking = Store.Inbox.TakeAsync(0, 10, called.Token);

        await called.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task What_is_decided_is_not_taken_again_and_what_is_not_comes_back_after_a_death()
    {
        await Store.DecideAsync();
        await Store.Inbox.AddAsync(StoreUnderTest.Some("undecided"), Token);

        Store.Reopen();

        Assert.Equal("undecided", Assert.Single(await Store.Inbox.TakeAsync(0, 10, Token)).EventId);
    }

    [Fact]
    public async Task A_delivery_is_decided_once()
    {
        var delivery = await Store.ArriveAsync();
        var decision = Store.DecisionOf(delivery, runs: Store.Plan());
        Assert.Single((await Store.Inbox.CompleteAsync(decision, Token)).Runs);

        var again = await Store.Inbox.CompleteAsync(decision, Token);

        Assert.True(again.AlreadyDecided);
        Assert.Empty(again.Runs);
    }

    [Fact]
    public async Task The_inbox_is_proved_to_be_writable() => await Store.Inbox.ProbeAsync(Token);

    [Fact]
    public async Task A_note_that_a_step_made_is_the_rules_own_deed()
    {
        var run = await Store.StartAsync();
        var done = Store.SomeStep(state: StepState.Done, answer: """{"createdNote":{"id":"note9"}}""", hadEffect: true);
        await Store.Runs.SaveAsync(run.With(done), [done], Token);

        Assert.True(await IsOwnAsync("notes/create", "note9", """{"note":{"id":"note9","text":"hi"}}"""));
        Assert.False(await IsOwnAsync("notes/create", "note8", """{"note":{"id":"note8","text":"hi"}}"""));
        Assert.False(await IsOwnAsync("notes/create", "note9", """{"note":{"id":"note9","text":"hi"}}""", account: "bob"));
    }

    [Fact]
    public async Task A_note_that_is_on_its_way_is_known_by_its_text_and_its_place()
    {
        var run = await Store.StartAsync();
        var step = Store.SomeStep(body: """{"text":" hi ","replyId":"n1"}""");
        await Store.Runs.SaveIntentAsync(run.With(step), step, [], Token);

        Assert.True(await IsOwnAsync("notes/create", "note9", """{"note":{"id":"note9","text":"hi","replyId":"n1","cw":null}}"""));
        Assert.False(await IsOwnAsync("notes/create", "note9", """{"note":{"id":"note9","text":"hi","replyId":"n2"}}"""));
        Assert.False(await IsOwnAsync("notes/create", "note9", """{"note":{"id":"note9","text":"hello","replyId":"n1"}}"""));
    }

    [Fact]
    public async Task A_follow_by_a_rule_is_its_own_deed_for_minutes_not_for_weeks()
    {
        var run = await Store.StartAsync();
        var done = Store.SomeStep(state: StepState.Done, endpoint: "following/create", body: """{"userId":"bob9"}""", hadEffect: true);
        await Store.Runs.SaveAsync(run.With(done), [done], Token);
        Assert.True(await IsOwnAsync("following/create", "bob9", """{"user":{"id":"bob9"}}"""));
        Assert.False(await IsOwnAsync("following/delete", "bob9", """{"user":{"id":"bob9"}}"""));

        Store.Time.Advance(TimeSpan.FromDays(7));

        Assert.False(await IsOwnAsync("following/create", "bob9", """{"user":{"id":"bob9"}}"""));
    }

    [Fact]
    public async Task The_event_of_a_run_is_loaded_with_its_texts_made_readable()
    {
        var delivery = new NewDelivery("alice", "h", "e", "webhook", Store.Now, Encoding.UTF8.GetBytes("""{"type":"note","text":"a\ud800b"}"""), Scrubbed: true);
        await Store.Inbox.AddAsync(delivery, Token);
        var id = (await Store.Inbox.TakeAsync(0, 1, Token))[0].Id;

        var loaded = await Store.Runs.LoadEventAsync(id, Token);

        Assert.Equal(("alice", "webhook", Store.Now), (loaded.Account, loaded.Source, loaded.ReceivedAt));
        Assert.Equal("a\uFFFDb", loaded.Envelope.GetProperty("text").GetString());
    }

    private Task<bool> IsOwnAsync(string endpoint, string id, string body, string account = "alice") =>
        Store.Inbox.IsOwnDeedAsync(new OwnDeed(account, endpoint, id, JsonElement.Parse(body)), Token);
}
