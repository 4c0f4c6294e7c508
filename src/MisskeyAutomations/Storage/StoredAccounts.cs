namespace MisskeyAutomations.Storage;

/// <summary>The accounts that were connected at run time: their names, and what only their keys can read.</summary>
internal sealed class StoredAccounts(Store store)
{
    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<string, byte[]> List() => List(store.Readers);

    /// <summary>All of them, for whoever only reads.</summary>
    public static IReadOnlyDictionary<string, byte[]> List(StoreReaders readers)
    {
        const string Sql = "select name, sealed from connected_accounts order by name";
        return readers.Read(connection => connection.Query<(string Name, byte[] Sealed)>(Sql).ToDictionary(row => row.Name, row => row.Sealed, StringComparer.Ordinal));
    }

    /// <summary>Keeps an account, in place of one of this name; completes once it is on disk.</summary>
    public Task SaveAsync(string name, byte[] closed, CancellationToken cancellationToken)
    {
        const string Sql = "insert into connected_accounts (name, sealed) values (?, ?) on conflict (name) do update set sealed = excluded.sealed";
        return store.Writer.RunAsync(db => db.Sql(Sql).Bind(name).BindBlob(closed).Run(), cancellationToken);
    }

    /// <summary>Keeps an account if it still is what it was. False when somebody else has changed it meanwhile.</summary>
    public async Task<bool> ReplaceAsync(string name, byte[] before, byte[] closed, CancellationToken cancellationToken)
    {
        const string Sql = "update connected_accounts set sealed = ? where name = ? and sealed = ?";
        return await store.Writer.RunAsync(db => db.Sql(Sql).BindBlob(closed).Bind(name).BindBlob(before).RunAndCount(), cancellationToken) > 0;
    }

    /// <summary>Forgets an account; completes once that is on disk. False when there was none.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        await store.Writer.RunAsync(db => db.Sql("delete from connected_accounts where name = ?").Bind(name).RunAndCount(), cancellationToken) > 0;
}
