using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Sources;

/// <summary>What was streamed while the store could not be written.</summary>
public sealed class StreamBufferTests
{
    private readonly AddingInbox _inbox = new();

    [Fact]
    public async Task What_waits_is_stored_in_order_once_the_store_is_back_and_nothing_is_dropped()
    {
        using var ending = new CancellationTokenSource();
        var buffer = Buffer();
        var storing = buffer.StoreAsync(ending.Token);
        _inbox.IsAway = true;
        for (var number = 0; number < 500; number++)
        {
            Assert.True(buffer.TryAdd(Delivery(number)));
        }

        Assert.False(buffer.EmptiedAsync(TestContext.Current.CancellationToken).IsCompleted);
        await Eventually.HoldsAsync(() => Volatile.Read(ref _inbox.Refused) > 0, "it was tried in vain");
        _inbox.IsAway = false;
        await buffer.EmptiedAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        await ending.CancelAsync();
        await storing;

        Assert.Equal(Enumerable.Range(0, 500).Select(Name), _inbox.Added.Select(delivery => delivery.EventId));
    }

    [Fact]
    public void There_is_room_for_so_many_and_for_so_much_and_no_more()
    {
        var (many, large) = (Buffer(), Buffer());

        Assert.Equal(1_000, Enumerable.Range(0, 2_000).Count(number => many.TryAdd(Delivery(number))));
        Assert.Equal(8, Enumerable.Range(0, 20).Count(number => large.TryAdd(Delivery(number, size: 512 * 1024))));
    }

    [Fact]
    public async Task What_was_taken_is_stored_before_the_end()
    {
        using var ending = new CancellationTokenSource();
        var buffer = Buffer();
        buffer.TryAdd(Delivery(1));
        await ending.CancelAsync();

        await buffer.StoreAsync(ending.Token);

        Assert.Single(_inbox.Added);
    }

    private StreamBuffer Buffer() => new("main", _inbox, TimeProvider.System, NullLogger.Instance);

    private static NewDelivery Delivery(int number, int size = 1) =>
        new("main", "", Name(number), "streaming", DateTimeOffset.UnixEpoch, new byte[size], Scrubbed: false);

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
