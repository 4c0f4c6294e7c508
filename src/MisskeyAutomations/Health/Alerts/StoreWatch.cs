using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>A store that cannot be written for half a minute.</summary>
internal sealed class StoreWatch(StoreHealth health, TimeProvider time) : TroubleWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Since _since = new(time);

    public override string Kind => "store-unwritable";

    public override async Task<Sight> LookAsync(CancellationToken cancellationToken)
    {
        var reason = await ReasonAsync(cancellationToken);
        return new([.. _since.Lasting(reason is null ? [] : ["store"], Patience).Select(store => new Trouble(store,
            $"Nothing can be stored ({reason?.TrimEnd('.')}). Webhooks are refused until it can, and Misskey gives up on each after 11 minutes. Look at the disk of the data directory, or at the database."))]);
    }

    private async Task<string?> ReasonAsync(CancellationToken cancellationToken)
    {
        try
        {
            await health.ProbeAsync().WaitAsync(Patience, time, cancellationToken);
            return null;
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or TimeoutException)
        {
            return trouble.Message;
        }
    }
}

/// <summary>A disk that is nearly full.</summary>
internal sealed class DiskWatch(StoreFigures figures) : TroubleWatch
{
    private const long MiB = 1024 * 1024;

    public override string Kind => "disk-full";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(
        figures.FreeDisk() is { } free && figures.DiskSize() is { } size && IsNearlyFull(free, size)
            ? new Sight([new Trouble("disk", "The disk of the data directory is nearly full. When it is, nothing can be stored and webhooks are refused: make room.")])
            : Sight.Clear);

    /// <summary>Less than 100 MiB, or less than a twentieth where that is no more than a GiB.</summary>
    internal static bool IsNearlyFull(long free, long size) => free < 100 * MiB || free < Math.Min(size / 20, 1024 * MiB);
}
