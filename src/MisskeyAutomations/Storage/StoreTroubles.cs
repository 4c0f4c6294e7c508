namespace MisskeyAutomations.Storage;

/// <summary>
/// Which troubles the store has just now. Each is told once when it begins and once when it ends, however often it is met in between.
/// </summary>
internal sealed partial class StoreTroubles(ILogger<StoreTroubles> logger, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<StoreTroubleKind, StoreTrouble> _all = [];
    private readonly TaskCompletionSource<StoreTrouble> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile StoreTrouble? _current;

    /// <summary>The worst one changed; null when there is none any more. Told in order, on the thread that met it: whoever listens must not wait.</summary>
    public event Action<StoreTrouble?>? Changed;

    /// <summary>The worst one; null when all is well.</summary>
    public StoreTrouble? Current => _current;

    /// <summary>Completes when the process must end, since the store can never be written by it again.</summary>
    public Task<StoreTrouble> Broken => _broken.Task;

    /// <summary>A trouble was met. Nothing happens when it is known already.</summary>
    public void Begin(StoreTroubleKind kind, string sentence, Exception? because = null)
    {
        lock (_gate)
        {
            var trouble = new StoreTrouble(kind, sentence, time.GetUtcNow());
            if (!_all.TryAdd(kind, trouble))
            {
                return;
            }

            LogBegun(kind == StoreTroubleKind.Broken ? LogLevel.Critical : trouble.Refuses ? LogLevel.Error : LogLevel.Warning, because, sentence);
            Tell();
            if (kind == StoreTroubleKind.Broken)
            {
                _broken.TrySetResult(trouble);
            }
        }
    }

    /// <summary>A trouble is over. Nothing happens when there is none of its kind.</summary>
    public void End(StoreTroubleKind kind)
    {
        lock (_gate)
        {
            if (kind != StoreTroubleKind.Broken && _all.Remove(kind, out var trouble))
            {
                LogEnded(trouble.Kind, time.GetUtcNow() - trouble.Since);
                Tell();
            }
        }
    }

    /// <summary>It was written: whatever kept from that is over.</summary>
    public void EndWriting()
    {
        if (_current is not null)
        {
            End(StoreTroubleKind.Busy);
            End(StoreTroubleKind.Unwritable);
            End(StoreTroubleKind.ReadOnly);
        }
    }

    private void Tell()
    {
        var worst = _all.Count == 0 ? null : _all.Last().Value;
        if (worst != _current)
        {
            _current = worst;
            try
            {
                Changed?.Invoke(worst);
            }
            catch (Exception fault)
            {
                // The writer's thread must outlive whoever listens.
                LogDeaf(fault);
            }
        }
    }

    [LoggerMessage(EventId = 2160, Message = "The store is in trouble: {Trouble}")]
    private partial void LogBegun(LogLevel level, Exception? because, string trouble);

    [LoggerMessage(EventId = 2162, Level = LogLevel.Error, Message = "Somebody who was told of the store's trouble failed at it")]
    private partial void LogDeaf(Exception fault);

    [LoggerMessage(EventId = 2161, Level = LogLevel.Warning, Message = "The store's trouble ({Kind}) ended after {Length}: what waited for that goes on")]
    private partial void LogEnded(StoreTroubleKind kind, TimeSpan length);
}
