using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What every durable store promises: what the engine died at in one delivery is not evaluated in another that reports the same event.</summary>
public abstract class PoisonEventsContract : IDisposable
{
    private readonly DurableUnderTest _store;

    private protected PoisonEventsContract(DurableUnderTest store) => _store = store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_delivery_of_the_same_note_is_known_before_and_after_the_first_is_set_aside(bool isSetAside)
    {
        var first = await DieAtAsync(Mention("n1"));
        if (isSetAside)
        {
            await SetAsideAsync(first);
        }

        Assert.Equal(first.Id, await FindAsync(Mention("n1"), "webhook", "hook2"));
        Assert.Equal(first.Id, await FindAsync(Mention("n1"), "webhook", "hook1"));
        Assert.Null(await FindAsync(Mention("n2"), "webhook", "hook2"));
        Assert.Null(await FindAsync(Mention("n1"), "webhook", "hook2", account: "bob"));
    }

    [Fact]
    public async Task Two_deaths_are_not_enough()
    {
        await DieAtAsync(Mention("n1"), deaths: 2);

        Assert.Null(await FindAsync(Mention("n1"), "webhook", "hook2"));
    }

    [Fact]
    public async Task It_is_not_the_same_as_itself_nor_as_anything_once_it_is_let_go()
    {
        var first = await DieAtAsync(Mention("n1"));
        await SetAsideAsync(first);

        Assert.Null(await _store.Inbox.FindPoisonAsync(first.Id, Read(Mention("n1"), "webhook", "hook1"), Token));

        var inbox = new StoredInbox(_store.Store, new StoreHealth(_store.Store, _store.Time), _store.Time);
        Assert.True(await new Quarantine(_store.Store, inbox).RetryDeliveryAsync(first.Id, Token));
        Assert.Null(await FindAsync(Mention("n1"), "webhook", "hook2"));
    }

    [Fact]
    public async Task A_copy_that_can_be_read_is_more_than_one_that_could_not()
    {
        await DieAtAsync(Mention("n1", isHidden: true));

        Assert.NotNull(await FindAsync(Mention("n1", isHidden: true), "webhook", "hook2"));
        Assert.Null(await FindAsync(Mention("n1"), "webhook", "hook2"));
    }

    [Fact]
    public async Task A_follow_is_the_same_by_another_hook_within_a_minute_and_another_one_by_the_same_hook_or_later()
    {
        var first = await DieAtAsync(Followed(TimeSpan.Zero));

        Assert.Equal(first.Id, await FindAsync(Followed(TimeSpan.FromSeconds(59)), "webhook", "hook2"));
        Assert.Null(await FindAsync(Followed(TimeSpan.FromSeconds(59)), "webhook", "hook1"));
        Assert.Null(await FindAsync(Followed(TimeSpan.FromSeconds(61)), "webhook", "hook2"));
    }

    private async Task<Delivery> DieAtAsync(string body, int deaths = 3)
    {
        var delivery = await _store.ArriveAsync(body: body);
        for (var death = 0; death < deaths; death++)
        {
            _ = _store.Store.BlackBox.Enter(Evaluated.Delivery(delivery.Id));
            _store.Reopen();
        }

        return delivery;
    }

    private Task<Decided> SetAsideAsync(Delivery delivery) =>
        _store.Inbox.CompleteAsync(_store.DecisionOf(delivery) with { State = DeliveryState.Quarantined, Subject = null }, Token);

    private Task<long?> FindAsync(string body, string source, string hook, string account = "alice") =>
        _store.Inbox.FindPoisonAsync(long.MaxValue, Read(body, source, hook, account), Token);

    private Event Read(string body, string source, string hook, string account = "alice") =>
        EventReader.Read(System.Text.Json.JsonElement.Parse(body.Replace("\"hook1\"", $"\"{hook}\"", StringComparison.Ordinal)), account, _store.Now, source);

    private string Mention(string id, bool isHidden = false) => Envelope("mention", TimeSpan.Zero, $$"""
        "note": { "id": "{{id}}", "text": "hi", "visibility": "public", "isHidden": {{(isHidden ? "true" : "false")}} }
        """);

    private string Followed(TimeSpan later) => Envelope("followed", later, """ "user": { "id": "bob9" } """);

    private string Envelope(string type, TimeSpan later, string body) => $$"""
        { "hookId": "hook1", "eventId": "e", "type": "{{type}}", "createdAt": {{(_store.Now + later).ToUnixTimeMilliseconds()}}, "body": { {{body}} } }
        """;
}
