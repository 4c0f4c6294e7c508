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
            return health.Trouble is { Refuses: true } trouble ? trouble.Sentence : null;
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or TimeoutException)
        {
            return health.Trouble?.Sentence ?? trouble.Message;
        }
    }
}

/// <summary>A disk that is nearly full.</summary>
internal sealed class DiskWatch(StoreHealth health) : TroubleWatch
{
    public override string Kind => "disk-full";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(health.Trouble is { Kind: StoreTroubleKind.LittleRoom }
        ? new Sight([new Trouble("disk", "The disk of the data directory is nearly full. When it is, nothing can be stored and webhooks are refused: make room.")])
        : Sight.Clear);
}

/// <summary>A backup of the day that could not be made.</summary>
internal sealed class BackupWatch(DailyBackups? backups = null) : TroubleWatch
{
    public override string Kind => "backup-failed";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(backups?.Failure is { } failure
        ? new Sight([new Trouble("backup",
            $"The backup of the day could not be made and is tried again each hour: {failure.TrimEnd('.')}. Look at `backups: directory` and the disk that it is on.")])
        : Sight.Clear with { IsUnknown = _ => backups is { HasLooked: false } });
}
