using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what is kept and for how long, on every database.</summary>
public abstract class RetentionContract : StoreContract
{
    private protected RetentionContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    [Fact]
    public async Task Bodies_are_dropped_after_their_time_and_records_after_theirs_and_not_before()
    {
        var run = await Under.StartAsync();
        await Under.Runs.SaveAsync(run.End(RunState.Succeeded), [Under.SomeStep(state: StepState.Done)], Token);
        await new StoredLookups(Under.Store, NullLogger<StoredLookups>.Instance).KeepAsync(run.Id, new(LookupKind.UserShow, "9bob"), new LookupAnswer.Refused("gone"));
        await DropAsync(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal((1L, 1L), (Count("bodies"), Count("deliveries")));

        await DropAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((0L, 1L, 1L, 1L), (Count("bodies"), Count("deliveries"), Count("runs"), Count("steps")));
        await DropAsync(TimeSpan.FromDays(22));
        Assert.Equal(1L, Count("deliveries"));
        await Under.StartAsync();
        await DropAsync(TimeSpan.FromDays(1));

        Assert.Equal((1L, 1L, 0L, 1L, 0L), (Count("deliveries"), Count("runs"), Count("steps"), Count("subjects"), Count("lookups")));
    }

    [Fact]
    public async Task A_number_is_never_given_twice_however_long_nothing_came()
    {
        var run = await Under.StartAsync();
        await Under.Runs.SaveAsync(run.End(RunState.Skipped), [], Token);
        await Under.DecideAsync();
        await Under.DecideAsync();
        await DropAsync(TimeSpan.FromDays(100));
        await DropAsync(TimeSpan.FromHours(7));
        Assert.Equal((2L, 1L), (Count("deliveries"), Count("runs")));
        await new Purge(Under.Store).RemoveAsync(Numbers().ToHashSet(), ["bob"], Token);
        Assert.Equal((1L, 0L), (Count("deliveries"), Count("subjects")));

        var next = await Under.ArriveAsync();

        Assert.True(next.Id > run.DeliveryId + 2, $"{next.Id} was given before");
    }

    [Fact]
    public async Task What_came_by_a_clock_that_stood_in_the_future_holds_nothing_up()
    {
        var now = Under.Now;
        Under.Time.AdjustTime(now.AddYears(70));
        await Under.Inbox.AddAsync(StoreUnderTest.Some("of 2096") with { ReceivedAt = Under.Now }, Token);
        Under.Time.AdjustTime(now);
        await Under.Inbox.CompleteAsync(Under.DecisionOf((await Under.Inbox.TakeAsync(0, 10, Token)).Single()), Token);
        await Under.DecideAsync();
        await Under.DecideAsync();

        await DropAsync(TimeSpan.FromDays(31));

        Assert.Equal((1L, 2L), (Count("bodies"), Count("deliveries")));
    }

    [Theory]
    [InlineData(WaitReason.Step)]
    [InlineData(WaitReason.Uncertain)]
    public async Task What_a_waiting_run_needs_is_kept_until_it_has_ended(WaitReason waitsFor)
    {
        var run = await Under.StartAsync();
        var step = Under.SomeStep(state: waitsFor == WaitReason.Uncertain ? StepState.Uncertain : StepState.Pending);
        var waiting = (await Under.Runs.SaveAsync(run.With(step) with { State = RunState.Waiting, WaitsFor = waitsFor, DueAt = Under.Now.AddDays(40) }, [step], Token)).Run;
        await DropAsync(TimeSpan.FromDays(40));
        Assert.Equal("{}", (await Under.Runs.LoadEventAsync(run.DeliveryId, Token)).Envelope.ToString());

        var claimed = await Under.Runs.ClaimAsync(waiting.Id, [], Token);
        await Under.Runs.SaveAsync(claimed!.End(RunState.Succeeded), [step with { State = StepState.Done, At = Under.Now }], Token);
        await DropAsync(TimeSpan.FromHours(7));
        Assert.Equal((0L, 1L), (Count("bodies"), Count("deliveries")));
        await Under.StartAsync();
        await DropAsync(TimeSpan.FromDays(30));

        Assert.Equal(1L, Count("deliveries"));
    }

    [Fact]
    public async Task A_step_that_nobody_has_settled_keeps_all_about_its_ended_run()
    {
        var run = await Under.StartAsync();
        await Under.Runs.SaveAsync(run.End(RunState.Succeeded), [Under.SomeStep(state: StepState.Uncertain)], Token);

        await DropAsync(TimeSpan.FromDays(100));

        Assert.Equal((1L, 1L), (Count("bodies"), Count("deliveries")));
    }

    [Fact]
    public async Task A_reply_is_kept_while_a_run_has_yet_to_read_it()
    {
        var run = await Under.StartAsync();
        await Under.Inbox.CompleteAsync(Under.DecisionOf(await Under.ArriveAsync()) with { HeardBy = run.Id }, Token);

        await DropAsync(TimeSpan.FromDays(100));

        Assert.Equal(2L, Count("bodies"));
    }

    [Fact]
    public async Task What_is_not_decided_or_was_set_aside_is_kept()
    {
        await Under.ArriveAsync();
        var delivery = await Under.ArriveAsync();
        await Under.Inbox.CompleteAsync(Deciding.Quarantine(delivery, "the engine ended again and again while it was deciding it"), Token);

        await DropAsync(TimeSpan.FromDays(100));

        Assert.Equal((2L, 2L), (Count("bodies"), Count("deliveries")));
    }

    [Fact]
    public async Task What_merely_lacks_what_it_is_about_goes_with_the_records_and_what_the_engine_could_not_get_through_stays()
    {
        var versions = new RuleVersions(Under.Runs, ActionTable.Descriptors);
        var deciding = new Deciding(Under.Inbox, versions, new AccountDirectory([]), new MutedPeople(), new Listening(Under.Inbox, Under.Runs, versions), Under.Time);
        var (_, malformed) = await deciding.DecideAsync(await Under.ArriveAsync(body: """{ "type": "mention", "eventId": "e", "body": {} }"""), Token);
        await Under.Inbox.CompleteAsync(malformed, Token);
        var thrown = await Under.ArriveAsync();
        await Under.Inbox.CompleteAsync(Deciding.Quarantine(thrown, "it could not be decided: Exception"), Token);
        await Under.DecideAsync();
        await DropAsync(TimeSpan.FromDays(29));
        Assert.Equal((2L, 3L), (Count("bodies"), Count("deliveries")));

        await DropAsync(TimeSpan.FromDays(1));

        Assert.Equal((1L, 2L), (Count("bodies"), Count("deliveries")));
        Assert.Equal(thrown.Id, Assert.Single(new EventQueries(Under.Store.Readers).ListQuarantined(10)).Number);
    }

    [Fact]
    public async Task What_says_that_it_is_of_the_distant_future_is_dropped_all_the_same()
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some("of 9999", createdAt: 253_402_300_799_000), Token);
        await Under.Inbox.CompleteAsync(Under.DecisionOf((await Under.Inbox.TakeAsync(0, 10, Token)).Single()) with { State = DeliveryState.Stale, Subject = null }, Token);
        await Under.DecideAsync();
        await DropAsync(TimeSpan.FromDays(96));
        Assert.Equal((1L, 2L), (Count("bodies"), Count("deliveries")));

        await DropAsync(TimeSpan.FromDays(1));
        Assert.Equal((0L, 2L), (Count("bodies"), Count("deliveries")));
        await DropAsync(TimeSpan.FromDays(23));

        Assert.Equal(1L, Count("deliveries"));
    }

    [Fact]
    public async Task Places_that_a_limit_still_counts_outlive_what_took_them()
    {
        var claim = new LimitClaim("user:bob", 1, DateTimeOffset.MinValue, "1 per user, ever");
        var run = await Under.StartAsync(Under.Plan(claims: claim));
        var step = Under.SomeStep(state: StepState.Done, hadEffect: true);
        await Under.Runs.SaveAsync(run.With(step).End(RunState.Succeeded), [step], Token);
        await Under.StartAsync();
        await DropAsync(TimeSpan.FromDays(100));
        Assert.Equal(1L, Count("runs"));

        Assert.Empty((await Under.DecideAsync(runs: Under.Plan(claims: claim))).Runs);
    }

    [Fact]
    public async Task An_event_is_known_again_for_as_long_as_its_record_is_kept()
    {
        var subject = new Subject("note:9x", Recurs: false);
        await Under.DecideAsync(subject);
        await DropAsync(TimeSpan.FromDays(29));
        Assert.True((await Under.DecideAsync(subject, hook: "hook2")).AlreadyDecided);

        await DropAsync(TimeSpan.FromDays(1));

        Assert.False((await Under.DecideAsync(subject, hook: "hook3")).AlreadyDecided);
    }

    [Fact]
    public async Task Direct_notes_may_go_as_soon_as_nobody_works_on_them()
    {
        Under.Options.Retention = new() { PrivateBodies = TimeSpan.Zero };
        await Under.DecideAsync();
        var run = (await Under.Inbox.CompleteAsync(Under.DecisionOf(await Under.ArriveAsync(), runs: Under.Plan()) with { IsPrivate = true }, Token)).Runs.Single();
        await DropAsync(TimeSpan.Zero);
        Assert.Equal(2L, Count("bodies"));

        await Under.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        await DropAsync(TimeSpan.Zero);

        Assert.Equal((1L, 2L, 0L), (Count("bodies"), Count("deliveries"), Count("private_deliveries")));
    }

    [Fact]
    public async Task More_than_fits_into_a_page_goes_page_by_page_with_a_rest_between()
    {
        for (var number = 0; number < 250; number++)
        {
            await Under.Inbox.AddAsync(StoreUnderTest.Some($"many {number}"), Token);
        }

        foreach (var delivery in await Under.Inbox.TakeAsync(0, 1_000, Token))
        {
            await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery), Token);
        }

        var rests = 0;
        Under.Time.Advance(TimeSpan.FromDays(31));
        using var retention = Make();

        Assert.Equal((250, 249), await retention.DropAsync(() => Task.FromResult(++rests), Token));
        Assert.Equal(2, rests);
        Assert.Equal((1L, 0L), (Count("deliveries"), Count("bodies")));
    }

    [Fact]
    public async Task Of_large_bodies_few_are_dropped_at_once()
    {
        for (var number = 0; number < 10; number++)
        {
            await Under.Inbox.CompleteAsync(Under.DecisionOf(await Under.ArriveAsync(body: new string('x', 1_000_000))), Token);
        }

        var rests = 0;
        Under.Time.Advance(TimeSpan.FromDays(8));
        using var retention = Make();

        Assert.Equal((10, 0), await retention.DropAsync(() => Task.FromResult(++rests), Token));
        Assert.Equal(2, rests);
    }

    private async Task DropAsync(TimeSpan later)
    {
        Under.Time.Advance(later);
        using var retention = Make();
        await retention.DropAsync(() => Task.CompletedTask, Token);
    }

    private List<long> Numbers() => Under.Store.Readers.Read(connection => connection.Query<long>("select id from deliveries").ToList());

    private Retention Make() => new(Under.Store, Options.Create(Under.Options), Under.Time, NullLogger<Retention>.Instance);

    private long Count(string table) => Under.Store.Readers.Read(connection => connection.ExecuteScalar<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from {table}")));
}
