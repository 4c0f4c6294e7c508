using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Health;

public sealed class QuarantineWatchTests : IDisposable
{
    private const int Shown = 100;

    private readonly SqliteUnderTest _under = new();
    private readonly AlertBook _book = new(["a"], []);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task What_falls_out_of_a_full_list_is_not_over_and_what_was_dropped_is()
    {
        var events = new List<long>();
        for (var i = 0; i < Shown; i++)
        {
            events.Add(await SetAsideAsync());
        }

        await LookAsync();
        events.Add(await SetAsideAsync());
        await LookAsync();
        Assert.DoesNotContain(_book.Rows, row => row.OverAt is not null);
        Assert.Equal(Shown + 1, _book.Rows.Count);

        var quarantine = new Quarantine(_under.Store, (StoredInbox)_under.Inbox);
        foreach (var dropped in events.Take(2))
        {
            Assert.True(await quarantine.DropDeliveryAsync(dropped, Token));
        }

        await LookAsync();
        Assert.Equal(events.Take(2).Select(number => $"event {number}"), _book.Rows.Where(row => row.OverAt is not null).Select(row => row.Subject).Order());
    }

    private async Task LookAsync()
    {
        var watch = new QuarantineWatch(_under.Store);
        var sight = await watch.LookAsync(Token);
        _book.Take(watch.Kind, [.. sight.Troubles.Select(trouble => (trouble.Subject, "text"))], sight.IsUnknown, _under.Now);
        _book.Tell(_book.Pending("a", _under.Now), _under.Now);
    }

    private async Task<long> SetAsideAsync()
    {
        var delivery = await _under.ArriveAsync();
        await _under.Inbox.CompleteAsync(_under.DecisionOf(delivery) with { State = DeliveryState.Quarantined, Subject = null }, Token);
        return delivery.Id;
    }
}
