using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for lists of events, on every database.</summary>
public abstract class EventPagesContract : StoreContract
{
    private protected EventPagesContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private EventPages Pages => new(Under.Store.Readers, Under.Time);

    [Fact]
    public async Task Events_are_listed_newest_first_page_by_page_without_doubling_or_leaving_any_out()
    {
        List<long> all = [];
        for (var i = 0; i < 7; i++)
        {
            all.Add((await Under.ArriveAsync()).Id);
        }

        var first = Pages.List(new(), null, 3);
        var late = await Under.ArriveAsync();
        var second = Pages.List(new(), first.Next, 3);
        var third = Pages.List(new(), second.Next, 3);

        Assert.Equal(all.OrderDescending(), new[] { first, second, third }.SelectMany(Numbers));
        Assert.Null(third.Next);
        Assert.Equal(late.Id, Numbers(Pages.List(new(), null, 1)).Single());
        Assert.All([first, second, third], page => Assert.Null(page.LookedBackTo));
    }

    [Fact]
    public void Where_nothing_is_stored_there_is_nothing_more_to_look_at()
    {
        var page = Pages.List(new(), null, 10);

        Assert.Equal((0, null), (page.Found.Count, page.Next));
    }

    [Fact]
    public async Task They_are_told_apart_by_account_type_rule_source_and_state()
    {
        var mention = await DecideAsync("mention", "alice", "webhook");
        var follow = await DecideAsync("followed", "alice", "streaming");
        var bobs = await DecideAsync("mention", "bob", "webhook");
        var undecided = await Under.ArriveAsync();
        var ran = (await Under.StartAsync(Under.Plan("welcome"))).DeliveryId;
        await Under.StartAsync(Under.Plan("other"));

        Assert.Equal([bobs, mention], Find(new() { Type = "mention" }));
        Assert.Equal([mention], Find(new() { Type = "mention", Account = "alice" }));
        Assert.Equal([bobs], Find(new() { Account = "bob" }));
        Assert.Equal([follow], Find(new() { Source = "streaming" }));
        Assert.Equal([undecided.Id], Find(new() { State = DeliveryState.Received }));
        Assert.Equal([ran], Find(new() { Rule = "welcome" }));
        Assert.Empty(Find(new() { Rule = "welcome", Account = "bob" }));
        Assert.Empty(Find(new() { Account = "nobody" }));
    }

    [Fact]
    public async Task They_are_told_apart_by_the_time_of_their_arrival()
    {
        var times = Enumerable.Range(0, 6).Select(hour => Under.Now.AddHours(3 * hour)).ToList();
        var numbers = new List<long>();
        foreach (var at in times)
        {
            numbers.Add(await ArriveAsync("{}", at));
        }

        Assert.Equal([numbers[3], numbers[2]], Find(new() { Since = times[2], Until = times[3] }));
        Assert.Equal([numbers[5]], Find(new() { Since = times[5] }));
        Assert.Equal([numbers[1], numbers[0]], Find(new() { Until = times[1].AddHours(1) }));
        Assert.Empty(Find(new() { Since = times[5].AddDays(1) }));
        Assert.Empty(Find(new() { Until = times[0].AddDays(-1) }));
    }

    [Fact]
    public async Task Those_that_came_out_of_order_are_found_by_their_time_as_well()
    {
        var late = await ArriveAsync("{}", Under.Now.AddMinutes(20));
        var early = await ArriveAsync("{}", Under.Now);
        var later = await ArriveAsync("{}", Under.Now.AddMinutes(30));

        Assert.Equal([later, late], Find(new() { Since = Under.Now.AddMinutes(10) }));
        Assert.Equal([early], Find(new() { Until = Under.Now.AddMinutes(10) }));
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("hello WORLD")]
    [InlineData("おはよう")]
    [InlineData("@bob@remote.example")]
    [InlineData("bob@remote")]
    [InlineData("a \"quoted\" word")]
    [InlineData("Bob the Builder")]
    [InlineData("careful")]
    [InlineData("first\nsecond")]
    [InlineData("  hello  ")]
    public async Task Texts_and_names_are_found_whatever_their_case(string text)
    {
        await ArriveAsync("""{"type":"mention","body":{"note":{"id":"9a","text":"something else","user":{"username":"carol","host":null}}}}""");
        var wanted = await ArriveAsync(
            """{"type":"mention","body":{"note":{"id":"9b","cw":"Careful","text":"Hello world: a \"quoted\" word.\nおはよう。first\nsecond","user":{"name":"Bob the Builder","username":"bob","host":"remote.example"}}}}""");

        Assert.Equal([wanted], Find(new() { Text = text }));
    }

    [Fact]
    public async Task Letters_that_are_written_as_numbers_are_found()
    {
        var wanted = await ArriveAsync("""{"type":"note","body":{"note":{"text":"\u304a\u306f\u3088\u3046"}}}""");

        Assert.Equal([wanted], Find(new() { Text = "おはよう" }));
    }

    [Theory]
    [InlineData("webhook")]
    [InlineData("userId")]
    [InlineData("9b1c")]
    [InlineData("https://")]
    [InlineData("public")]
    public async Task Names_of_fields_ids_and_addresses_are_no_texts(string text)
    {
        await ArriveAsync("""{"webhook":"w","type":"note","body":{"note":{"id":"9b1c","userId":"9b1c","visibility":"public","text":"hi","url":"https://remote.example"}}}""");

        Assert.Empty(Find(new() { Text = text }));
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_holds_no_text()
    {
        await ArriveAsync("""{"text":"hello""");

        Assert.Empty(Find(new() { Text = "hello" }));
    }

    [Fact]
    public async Task Who_waits_for_a_page_waits_so_long_and_is_told_how_far_was_looked()
    {
        var wanted = await ArriveAsync("""{"body":{"note":{"text":"the needle"}}}""");
        for (var i = 0; i < 250; i++)
        {
            await ArriveAsync("{}", Under.Now.AddSeconds(i));
        }

        Under.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);
        var first = Pages.List(new() { Text = "needle" }, null, 10);
        var second = Pages.List(new() { Text = "needle" }, first.Next, 10);
        var third = Pages.List(new() { Text = "needle" }, second.Next, 10);

        Assert.Equal((0, wanted + 151), (first.Found.Count, first.Next));
        Assert.Equal(StoreUnderTest.Some("").ReceivedAt.AddSeconds(150), first.LookedBackTo);
        Assert.Equal((0, wanted + 51), (second.Found.Count, second.Next));
        Assert.Equal([wanted], Numbers(third));
        Assert.Equal((null, null), (third.Next, third.LookedBackTo));
    }

    [Fact]
    public async Task The_reports_of_an_event_lead_to_each_other()
    {
        var note = new Subject("note:1", Recurs: false);
        var follow = new Subject("followed:u1", Recurs: true);
        long[] ofNote = [await ReportAsync(note, "hook1"), await ReportAsync(note, "hook2"), await ReportAsync(note, "hook3")];
        await ReportAsync(new("note:2", Recurs: false), "hook1");
        long[] ofFollow = [await ReportAsync(follow, "hook1"), await ReportAsync(follow, "hook2")];

        Assert.Equal([ofNote[1], ofNote[2]], Reports(ofNote[0]));
        Assert.Equal([ofNote[0], ofNote[2]], Reports(ofNote[1]));
        Assert.Equal([ofFollow[1]], Reports(ofFollow[0]));
        Assert.Equal([ofFollow[0]], Reports(ofFollow[1]));
    }

    private List<long> Find(EventFilter filter) => Numbers(Pages.List(filter, null, 100));

    private IEnumerable<long> Reports(long number) => Pages.ListReports(new EventQueries(Under.Store.Readers).List([number]).Single()).Select(report => report.Number);

    private static List<long> Numbers(Page<RecordedEvent> page) => [.. page.Found.Select(recorded => recorded.Number)];

    private async Task<long> ReportAsync(Subject subject, string hook)
    {
        var delivery = await Under.ArriveAsync(hook);
        await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery, subject), Token);
        return delivery.Id;
    }

    private async Task<long> DecideAsync(string type, string account, string source)
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some($"{type} of {account}", account: account, source: source), Token);
        var delivery = (await Under.Inbox.TakeAsync(0, 1_000, Token))[^1];
        await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery) with { Type = type }, Token);
        return delivery.Id;
    }

    private async Task<long> ArriveAsync(string body, DateTimeOffset? at = null)
    {
        await Under.Inbox.AddAsync(StoreUnderTest.Some(Guid.NewGuid().ToString(), body: body), Token);
        var number = Under.Store.Readers.Read(reader => reader.ExecuteScalar<long>("select max(id) from deliveries"));
        if (at is { } time)
        {
            await Under.Store.Writer.RunAsync(db => db.Sql("update deliveries set received_at = ? where id = ?").Bind(time).Bind(number).Run(), Token);
        }

        return number;
    }
}
