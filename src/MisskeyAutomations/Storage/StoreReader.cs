using System.Data.Common;
using Dapper;

namespace MisskeyAutomations.Storage;

/// <summary>A connection that reads. Queries are written in the common part of both databases' SQL, with what <see cref="Database.Translate"/> knows.</summary>
internal sealed class StoreReader(DbConnection connection, Database database) : IDisposable
{
    public IEnumerable<T> Query<T>(string sql, object? parameters = null, bool buffered = true, int? commandTimeout = null) =>
        connection.Query<T>(database.Translate(sql), parameters, buffered: buffered, commandTimeout: commandTimeout);

    public T? QueryFirstOrDefault<T>(string sql, object? parameters = null) => connection.QueryFirstOrDefault<T>(database.Translate(sql), parameters);

    public T? QuerySingleOrDefault<T>(string sql, object? parameters = null) => connection.QuerySingleOrDefault<T>(database.Translate(sql), parameters);

    public T? ExecuteScalar<T>(string sql, object? parameters = null) => connection.ExecuteScalar<T>(database.Translate(sql), parameters);

    /// <summary>Whether it is of no more use: its server went away, or the way there.</summary>
    public bool IsBroken => connection.State != System.Data.ConnectionState.Open;

    public void Dispose() => connection.Dispose();
}
