using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>How the store is: what ails it, and whether it can be written, found out by writing. Asked by anybody, so it writes at most once a second.</summary>
internal sealed class StoreHealth(Store store, TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task? _last;
    private long _askedAt;

    /// <summary>The worst trouble changed; null when there is none any more. Whoever listens must not wait.</summary>
    public event Action<StoreTrouble?>? Changed
    {
        add => store.Troubles.Changed += value;
        remove => store.Troubles.Changed -= value;
    }

    /// <summary>What ails the store; null when all is well.</summary>
    public StoreTrouble? Trouble => store.Troubles.Current;

    /// <summary>Completes when this process can never write the store again and must end.</summary>
    public Task<StoreTrouble> Broken => store.Troubles.Broken;

    /// <summary>Writes, unless somebody did within the last second.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public Task ProbeAsync()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_askedAt) >= Validity))
            {
                _askedAt = time.GetTimestamp();
                _last = WriteAsync();
            }

            return _last;
        }
    }

    private async Task WriteAsync()
    {
        const string Sql = "insert into settings (key, value) values ('probe', ?) on conflict (key) do update set value = excluded.value";
        await store.Writer.RunAsync(db => db.Sql(Sql).Bind(time.GetUtcNow().ToString("O")).Run(), CancellationToken.None);
    }
}
