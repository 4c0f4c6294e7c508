
namespace MisskeyAutomations.Storage;

/// <summary>Few small things that must survive a restart, such as the panic switch and paused accounts.</summary>
internal sealed class Settings(Store store)
{
    /// <summary>The key that is there while everything is stopped.</summary>
    public const string Panic = "panic";

    /// <summary>What the keys begin with under which the dashboard keeps who is signed in.</summary>
    public const string Sessions = "dashboard:session:";

    /// <summary>The value; null when there is none.</summary>
    public string? Get(string key) => store.Readers.Read(connection =>
        connection.QueryFirstOrDefault<string>("select value from settings where key = @key", new { key }));

    /// <summary>The values of all keys that begin so.</summary>
    public IReadOnlyDictionary<string, string> List(string prefix) => List(store.Readers, prefix);

    /// <summary>The same, for whoever only reads.</summary>
    public static IReadOnlyDictionary<string, string> List(StoreReaders readers, string prefix)
    {
        const string Sql = "select key, value from settings where substr(key, 1, length(@prefix)) = @prefix";
        return readers.Read(connection => connection.Query<(string Key, string Value)>(Sql, new { prefix })
            .ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal));
    }

    /// <summary>Keeps another value where there is one; where it was forgotten, it stays so.</summary>
    public Task ReplaceAsync(string key, string value, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => db.Sql("update settings set value = ? where key = ?").Bind(value).Bind(key).RunAndCount(), cancellationToken);

    /// <summary>Keeps a value, or forgets it when it is null; completes once that is on disk.</summary>
    public Task SetAsync(string key, string? value, CancellationToken cancellationToken) => store.Writer.RunVitalAsync(
        db => value is null
            ? db.Sql("delete from settings where key = ?").Bind(key).RunAndCount()
            : db.Sql("insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value").Bind(key).Bind(value).RunAndCount(),
        cancellationToken);
}
