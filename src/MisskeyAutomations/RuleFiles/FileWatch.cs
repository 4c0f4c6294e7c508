namespace MisskeyAutomations.RuleFiles;

/// <summary>
/// Waits for changes of files: the file system tells of them, and where it does not they are looked for every few seconds. For one waiter
/// at a time.
/// </summary>
/// <param name="path">The folder that is watched with all below it, or a file, whose folder is.</param>
/// <param name="fingerprint">What changes when a file does that matters; null while it cannot be told.</param>
/// <param name="time">The clock.</param>
internal sealed class FileWatch(string path, Func<string?> fingerprint, TimeProvider time)
{
    // Editors write in several steps; what is read must have stood still for this long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private bool _hasToldTrouble;

    /// <summary>Some file systems (network mounts, some container volumes) send no notice of changes.</summary>
    public static TimeSpan LookAnyway { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Is told once if the file system gives no notice of changes.</summary>
    public Action<Exception>? Untold { get; init; }

    /// <summary>Waits until the fingerprint is another one and has stood still; gives it.</summary>
    /// <param name="seen">The fingerprint of what was read; null where nothing was.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<string> NextAsync(string? seen, CancellationToken cancellationToken)
    {
        // Anew each time: the watch over a folder ends with the folder, also when another comes in its place.
        using var changed = new SemaphoreSlim(0);
        using var watcher = Watch(changed);
        while (true)
        {
            var now = fingerprint();
            if (now is null || now == seen)
            {
                await changed.WaitAsync(LookAnyway, cancellationToken);
                continue;
            }

            await Task.Delay(Quiet, time, cancellationToken);
            if (fingerprint() == now)
            {
                return now;
            }
        }
    }

    private FileSystemWatcher? Watch(SemaphoreSlim changed)
    {
        try
        {
            var watched = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
            var watcher = new FileSystemWatcher(watched) { IncludeSubdirectories = Directory.Exists(path) };
            watcher.Changed += (_, _) => Tell(changed);
            watcher.Created += (_, _) => Tell(changed);
            watcher.Deleted += (_, _) => Tell(changed);
            watcher.Renamed += (_, _) => Tell(changed);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception trouble) when (trouble is IOException or ArgumentException)
        {
            if (!_hasToldTrouble)
            {
                _hasToldTrouble = true;
                Untold?.Invoke(trouble);
            }

            return null;
        }
    }

    // A notice may come when nobody waits any more.
    private static void Tell(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
