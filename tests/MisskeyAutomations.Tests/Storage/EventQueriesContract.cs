using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what people ask about events, on every database.</summary>
public abstract class EventQueriesContract : StoreContract
{
    private const string First = "6f1c02a9-7bd4-4c7e-9f43-0d5a31f6b001";
    private const string Second = "6f1c02a9-8000-4c7e-9f43-0d5a31f6b002";

    private protected EventQueriesContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private EventQueries Queries => new(Under.Store.Readers);

    [Fact]
    public async Task An_event_is_found_by_number_id_beginning_note_and_as_the_last()
    {
        var first = await ArriveAsync(First, new("note:9abc", Recurs: false));
        var second = await ArriveAsync(Second, new("note:9abd", Recurs: false));
        var clock = await ArriveAsync("cron:morning:2026-11-24T08:00:00Z", new("cron:morning:2026-11-24T08:00:00Z", Recurs: false));

        Assert.Equal([first], Find($"{first}"));
        Assert.Equal([first], Find(First));
        Assert.Equal([first], Find("6f1c02a9-7"));
        Assert.Equal([second], Find("6F1C02A98"));
        Assert.Equal([second, first], Find("6f1c02a9"));
        Assert.Equal([clock], Find("cron:morning"));
        Assert.Equal([second], Find("9abd"));
        Assert.Equal([first], Find("https://misskey.example/notes/9abc"));
        Assert.Equal([first], Find("https://misskey.example/notes/9abc/"));
        Assert.Equal([clock], Find("last"));
    }

    [Fact]
    public async Task A_note_finds_the_reactions_to_it_as_well()
    {
        var reaction = await ArriveAsync(First, new("reaction:9abc:u1:👍", Recurs: false));
        var ended = await ArriveAsync(Second, new("pollEnded:9abc", Recurs: false));
        await ArriveAsync("event 3", new("reaction:9abcd:u1:👍", Recurs: false));

        Assert.Equal([ended, reaction], Find("9abc"));
    }

    [Fact]
    public async Task What_means_nothing_finds_nothing()
    {
        await ArriveAsync(First, new("note:9abc", Recurs: false));

        Assert.All(["6f1", "", "%", "____", "9ab", "999999", "https://misskey.example/@bob", "note:9abc'", $"{First}0"], name => Assert.Empty(Find(name)));
    }

    [Fact]
    public async Task The_newest_come_first_with_verdicts_runs_and_steps()
    {
        var run = await Under.StartAsync(Under.Plan());
        var step = Under.SomeStep(state: StepState.Skipped) with { Reason = "the text came out empty" };
        await Under.Runs.SaveAsync(run.With(step).Wait(WaitReason.Budget, Under.Now.AddMinutes(5), "notes: 60 per 1h"), [step], Token);
        await Under.ArriveAsync();

        var newest = Queries.ListNewest(10);
        var told = Assert.Single(new RunQueries(Under.Store.Readers).Of([.. newest.Select(recorded => recorded.Number)]));

        Assert.Equal([DeliveryState.Received, DeliveryState.Planned], newest.Select(recorded => recorded.State));
        Assert.Equal("greet", Assert.Single(newest[1].Verdicts).Rule);
        Assert.Equal(
            (run.Id, newest[1].Number, "greet", RunState.Waiting, WaitReason.Budget, Under.Now.AddMinutes(5), "notes: 60 per 1h"),
            (told.Id, told.Delivery, told.Rule, told.State, told.WaitsFor, told.DueAt, told.Reason));
        Assert.Equal((step.Path, step.State, step.Reason, step.Intent!.Summary), (told.Steps[0].Step.Path, told.Steps[0].Step.State, told.Steps[0].Step.Reason, told.Steps[0].Step.Intent!.Summary));
        Assert.Equal(newest[0].Number, Assert.Single(Queries.ListNewest(1)).Number);
    }

    [Theory]
    [InlineData(1_000_000_000_000_000_000)]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(0)]
    public async Task A_time_that_no_calendar_knows_leaves_the_event_and_its_list_readable(long createdAt)
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some(First, body: $$$"""{"type":"mention","eventId":"e","createdAt":{{{createdAt}}},"body":{}}""", createdAt: createdAt), Token);
        await Under.Inbox.CompleteAsync(Deciding.Quarantine(Assert.Single(await Under.Inbox.TakeAsync(0, 10, Token)), "no note"), Token);

        Assert.All([Queries.ListNewest(10), Queries.ListQuarantined(10)], list => Assert.Equal(Under.Now, Assert.Single(list).CreatedAt));
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_leaves_the_rest_of_the_event()
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some(First, body: "{"), Token);

        var recorded = Assert.Single(Queries.Find(First));

        Assert.Equal((First, "alice", null), (recorded.EventId, recorded.Account, recorded.Happening));
    }

    [Fact]
    public async Task Verdicts_that_cannot_be_read_leave_the_rest_of_the_event()
    {
        var number = await ArriveAsync(First, new("note:9abc", Recurs: false));
        await ChangeAsync(db => db.Sql("update deliveries set verdicts = ? where id = ?").BindBlob("{"u8).Bind(number).RunAndCount());

        var recorded = Assert.Single(Queries.ListNewest(1));

        Assert.Equal((number, First, true, 0), (recorded.Number, recorded.EventId, recorded.IsUnreadable, recorded.Verdicts.Count));
        Assert.Throws<IOException>(() => new PastEvents(Under.Store.Readers).List(Under.Now.AddDays(-1), Under.Now.AddDays(1)).ToList());
    }

    [Theory]
    [InlineData("update deliveries set state = 99", "event")]
    [InlineData("update deliveries set source = 99", "event")]
    [InlineData("update deliveries set received_at = 9000000000000000000", "event")]
    [InlineData("update runs set state = 99", "run")]
    [InlineData("update runs set waits_for = 99", "run")]
    [InlineData("update steps set intent = '{'", "step")]
    [InlineData("update steps set intent = '{}'", "step")]
    [InlineData("update steps set at = 9000000000000000000", "step")]
    public async Task A_row_that_makes_no_sense_is_named_in_a_sentence(string change, string row)
    {
        var run = await Under.StartAsync(Under.Plan());
        var step = Under.SomeStep(state: StepState.Uncertain);
        await Under.Runs.SaveAsync(run.With(step), [step], Token);
        await ChangeAsync(db => db.Sql(change).RunAndCount());

        var told = Assert.Throws<IOException>(() => new RunQueries(Under.Store.Readers).Of([.. Queries.ListNewest(1).Select(recorded => recorded.Number)]));

        Assert.StartsWith($"The record of {row} ", told.Message, StringComparison.Ordinal);
    }

    private Task<int> ChangeAsync(Func<WriterConnection, int> change) => Under.Store.Writer.RunAsync(change, Token);

    private IEnumerable<long> Find(string name) => Queries.Find(name).Select(recorded => recorded.Number);

    private async Task<long> ArriveAsync(string eventId, Subject subject)
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some(eventId), Token);
        var delivery = (await Under.Inbox.TakeAsync(0, 1_000, Token))[^1];
        await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery, subject), Token);
        return delivery.Id;
    }
}
