using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Looks each second how the store and the clock are, so that trouble is seen before it comes and is over as soon as its cause is.
/// </summary>
internal sealed partial class StoreLookout(Store store, StoredInbox inbox, StoreHealth health, ILogger<StoreLookout> logger, TimeProvider time) : BackgroundService
{
    private const int LooksPerReopening = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Has decided anew what a wrong clock made stale. The number of deliveries.</summary>
    public async Task<int> ReopenAsync(CancellationToken cancellationToken)
    {
        var reopened = await store.Writer.RunAsync(db => ClockRows.Reopen(db, store.Time.GetUtcNow()), cancellationToken);
        if (reopened > 0)
        {
            LogReopened(reopened);
            inbox.LookAgain();
        }

        return reopened;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, time);
        for (var look = 0; ; look++)
        {
            store.Space.Look();
            store.Writer.Look();
            await TryAsync(look, stoppingToken);
            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    private async Task TryAsync(int look, CancellationToken cancellationToken)
    {
        try
        {
            if (health.Trouble is { Refuses: true })
            {
                await health.ProbeAsync().WaitAsync(cancellationToken);
            }

            if (look % LooksPerReopening == 0)
            {
                await ReopenAsync(cancellationToken);
            }
        }
        catch (StoreUnavailableException)
        {
            // It was told when it began.
        }
    }

    [LoggerMessage(EventId = 2171, Level = LogLevel.Warning, Message = "{Count} events had come while the clock was wrong, and are decided now")]
    private partial void LogReopened(int count);
}
