namespace MisskeyAutomations.Storage;

/// <summary>The keys of the API in the store: their hashes, for the keys themselves are nowhere.</summary>
internal sealed class StoredApiKeys(Store store)
{
    /// <summary>Keeps one. False when there is one of this name.</summary>
    public Task<bool> AddAsync(StoredApiKey key, CancellationToken cancellationToken)
    {
        const string Sql = "insert into api_keys (name, hash, read_only, created_at) values (?, ?, ?, ?) on conflict (name) do nothing";
        return store.Writer.RunAsync(db => db.Sql(Sql).Bind(key.Name).BindBlob(key.Hash).Bind(key.IsReadOnly).Bind(key.CreatedAt).RunAndCount() == 1, cancellationToken);
    }

    /// <summary>Forgets one. False when there is none of this name.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => db.Sql("delete from api_keys where name = ?").Bind(name).RunAndCount() == 1, cancellationToken);

    /// <summary>All of them, by name.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<StoredApiKey> List() => List(store.Readers);

    /// <summary>The same, for whoever only reads.</summary>
    public static IReadOnlyList<StoredApiKey> List(StoreReaders readers) => readers.Read(connection =>
        connection.Query<(string Name, byte[] Hash, bool IsReadOnly, long CreatedAt)>("select name, hash, read_only, created_at from api_keys order by name")
            .Select(row => new StoredApiKey(row.Name, row.Hash, row.IsReadOnly, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))).ToList());
}

/// <summary>A key of the API.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="IsReadOnly">Whether it may only look.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record StoredApiKey(string Name, byte[] Hash, bool IsReadOnly, DateTimeOffset CreatedAt);
