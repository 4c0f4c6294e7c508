using System.Threading.Channels;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Sources;

/// <summary>
/// What was streamed and is not on disk yet, of one account: stored in the order in which it came, again and again until it is. It holds only
/// so much. Nobody acknowledges a streamed message, so whoever finds it full stops listening, and catches up later.
/// </summary>
internal sealed partial class StreamBuffer(string account, IInbox inbox, TimeProvider time, ILogger logger)
{
    private const int Most = 1_000;
    private const int MostBytes = 4 * 1024 * 1024;
    private const int AtOnce = 64;

    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    // After its end the store has so long for the rest.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly Channel<NewDelivery> _waiting = Channel.CreateBounded<NewDelivery>(new BoundedChannelOptions(Most) { SingleReader = true });
    private TaskCompletionSource? _emptied;
    private long _bytes;
    private int _count;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Takes a delivery; false when it is full.</summary>
    public bool TryAdd(NewDelivery delivery)
    {
        if (Interlocked.Read(ref _bytes) + delivery.Body.Length > MostBytes)
        {
            return false;
        }

        Interlocked.Add(ref _bytes, delivery.Body.Length);
        Interlocked.Increment(ref _count);
        if (_waiting.Writer.TryWrite(delivery))
        {
            return true;
        }

        Release(delivery);
        return false;
    }

    /// <summary>Waits until everything is stored.</summary>
    public async Task EmptiedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            emptied = Interlocked.CompareExchange(ref _emptied, emptied, null) ?? emptied;
            if (IsEmpty)
            {
                return;
            }

            await emptied.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stores until cancelled; then what is left, if the store can be written.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        var batch = new List<NewDelivery>(AtOnce);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                await StoreNextAsync(batch, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            using var last = new CancellationTokenSource(LastWords, time);
            while (!last.IsCancellationRequested && (batch.Count > 0 || _waiting.Reader.TryPeek(out _)))
            {
                await StoreNextAsync(batch, last.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StoreNextAsync(List<NewDelivery> batch, CancellationToken cancellationToken)
    {
        while (batch.Count < AtOnce && _waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }

        var isRefused = false;
        while (batch.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // As the store comes back, the first of a batch may be refused and the next one taken: after trouble it is one at a time.
            if (await TryStoreAsync(batch, isRefused ? 1 : batch.Count))
            {
                continue;
            }

            if (!isRefused)
            {
                isRefused = true;
                LogNotStored(account, batch.Count);
            }

            await Task.Delay(PauseAfterTrouble, time, cancellationToken);
        }
    }

    // Handed over together, so that they share a flush; the writer keeps their order. What could not be written stays in the batch.
    private async Task<bool> TryStoreAsync(List<NewDelivery> batch, int count)
    {
        var refused = new List<NewDelivery>();
        var tasks = batch[..count].ConvertAll(delivery => (Delivery: delivery, Task: inbox.AddAsync(delivery, CancellationToken.None)));
        foreach (var (delivery, task) in tasks)
        {
            try
            {
                Measures.Delivered(account, delivery.Source, await task ? "received" : "duplicate");
                Release(delivery);
            }
            catch (StoreUnavailableException)
            {
                refused.Add(delivery);
            }
            catch (Exception fault)
            {
                LogDropped(fault, account, delivery.EventId);
                Release(delivery);
            }
        }

        batch.RemoveRange(0, count);
        batch.InsertRange(0, refused);
        return refused.Count == 0;
    }

    private void Release(NewDelivery delivery)
    {
        Interlocked.Add(ref _bytes, -delivery.Body.Length);
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Interlocked.Exchange(ref _emptied, null)?.TrySetResult();
        }
    }

    [LoggerMessage(2220, LogLevel.Warning, "What account {Account} was streamed could not be stored; {Count} messages wait and are tried again")]
    private partial void LogNotStored(string account, int count);

    [LoggerMessage(2221, LogLevel.Error, "Event {EventId} of account {Account} could not be stored and is lost")]
    private partial void LogDropped(Exception fault, string account, string eventId);
}
