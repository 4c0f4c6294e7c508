namespace MisskeyAutomations.Storage;

/// <summary>
/// Tells the waiting requests of a commit in a few lots, each one work item of the thread pool: waking a thread for every single request
/// costs more than answering it.
/// </summary>
internal sealed class Completions(WriteOperation[] lot) : IThreadPoolWorkItem
{
    private const int SmallestLot = 8;

    public static void Tell(List<WriteOperation> batch)
    {
        var deliveries = 0;
        foreach (var operation in batch)
        {
            if (operation.IsDelivery)
            {
                deliveries++;
            }
            else
            {
                operation.Complete();
            }
        }

        if (deliveries > 0)
        {
            TellDeliveries(batch, deliveries);
        }
    }

    public void Execute()
    {
        foreach (var operation in lot)
        {
            operation.Complete();
        }
    }

    private static void TellDeliveries(List<WriteOperation> batch, int count)
    {
        var size = Math.Max(SmallestLot, (count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        var lot = new WriteOperation[Math.Min(size, count)];
        var filled = 0;
        foreach (var operation in batch)
        {
            if (!operation.IsDelivery)
            {
                continue;
            }

            lot[filled++] = operation;
            count--;
            if (filled == lot.Length)
            {
                ThreadPool.UnsafeQueueUserWorkItem(new Completions(lot), preferLocal: false);
                lot = count > 0 ? new WriteOperation[Math.Min(size, count)] : lot;
                filled = 0;
            }
        }
    }
}
