using Microsoft.Extensions.Options;

namespace MisskeyAutomations.Storage;

/// <summary>The backups of a running engine: those that it makes by itself, and one that somebody orders.</summary>
internal sealed class BackupDesk(IOptions<StoreOptions> store, IServiceProvider services, TimeProvider time)
{
    private readonly DailyBackups? _daily = services.GetService<DailyBackups>();
    private readonly BackupOptions? _schedule = services.GetService<StoreOptionsOfBackups>()?.Backups;

    /// <summary>Whether the store is a file, which alone is backed up here.</summary>
    public bool IsPossible => store.Value.Postgres is null;

    /// <summary>Where backups go.</summary>
    public string Directory => _schedule?.Directory ?? BackupOptions.DirectoryIn(store.Value.DataDirectory);

    /// <summary>How many are kept.</summary>
    public int Keep => _schedule?.Keep ?? BackupOptions.DefaultKeep;

    /// <summary>When the newest one was made; null when there is none.</summary>
    public DateTimeOffset? Last => Backups.List(Directory).Select(Backups.TimeOf).Cast<DateTimeOffset?>().Max();

    /// <summary>When the next one is due; null when none is made by itself.</summary>
    public DateTimeOffset? Next => _schedule is null ? null : time.GetUtcNow() + DailyBackups.UntilNext(time.GetLocalNow(), _schedule.Hour);

    /// <summary>Why the one that was due is not there; null when nothing is amiss.</summary>
    public string? Failure => _daily?.Failure;

    /// <summary>Makes one now.</summary>
    /// <exception cref="IOException">It cannot be made; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public Task<string> MakeAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Backups.MakeIn(Directory, store.Value.DatabasePath, Keep, time.GetUtcNow()), cancellationToken);
}
