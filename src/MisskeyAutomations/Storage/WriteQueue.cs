using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>What waits to be written: deliveries, bounded in number and bytes, ahead of the rest, which has a bound of its own. Many threads add, the writer takes.</summary>
internal sealed class WriteQueue(StoreOptions options)
{
    // A flood of deliveries may fill every commit; runs must go on beside it.
    private const int ShareOfOthers = 8;

    private readonly object _gate = new();
    private readonly Queue<WriteOperation> _deliveries = new();
    private readonly Queue<WriteOperation> _others = new();
    private long _bytes;
    private bool _writerSleeps;
    private bool _isNudged;
    private bool _closed;

    /// <summary>Adds an operation.</summary>
    /// <exception cref="StoreUnavailableException">Its part of the queue is full, or the queue is closed.</exception>
    public void Add(WriteOperation operation)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new StoreUnavailableException("The store is closed.");
            }

            if (IsFull(operation.IsDelivery))
            {
                throw new StoreUnavailableException("The disk does not keep up: too much waits to be written.");
            }

            (operation.IsDelivery ? _deliveries : _others).Enqueue(operation);
            _bytes += operation.ByteCount;
            if (_writerSleeps)
            {
                _writerSleeps = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Wakes the writer, though there may be nothing to write.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            _isNudged = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Fills the batch with what is there; waits for the first, or for a nudge. False when the queue is closed and empty.</summary>
    public bool Take(List<WriteOperation> batch)
    {
        lock (_gate)
        {
            while (_deliveries.Count + _others.Count == 0)
            {
                if (_closed)
                {
                    return false;
                }

                if (_isNudged)
                {
                    _isNudged = false;
                    return true;
                }

                _writerSleeps = true;
                Monitor.Wait(_gate);
            }

            var max = options.MaxChangesPerCommit;
            var kept = Math.Min(_others.Count, max / ShareOfOthers);
            Move(_deliveries, batch, max - kept);
            Move(_others, batch, max);
            return true;
        }
    }

    /// <summary>Takes no more; what is there is still written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    // A flood of deliveries refuses deliveries alone: Misskey repeats those, but nobody repeats what a run has to write.
    private bool IsFull(bool forDelivery) => forDelivery
        ? _deliveries.Count >= options.MaxQueuedChanges || _bytes > options.MaxQueuedBytes
        : _others.Count >= options.MaxQueuedChanges;

    private void Move(Queue<WriteOperation> from, List<WriteOperation> batch, int max)
    {
        while (batch.Count < max && from.TryDequeue(out var operation))
        {
            _bytes -= operation.ByteCount;
            batch.Add(operation);
        }
    }
}
