using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using DbUp;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>A store in a database of PostgreSQL, which several engines may share.</summary>
internal sealed partial class PostgresDatabase : Database
{
    // What a person writes in the connection string counts; these are for what is not written there.
    private static readonly (string Key, string Value)[] Defaults =
    [
        ("Application Name", "misskey-automations"), ("Timeout", "5"), ("Command Timeout", "15"), ("Keepalive", "10"),
        ("Max Auto Prepare", "200"), ("Auto Prepare Min Usages", "2"), ("Include Error Detail", "false"),
    ];

    private static readonly ConcurrentDictionary<string, string> Translations = new(StringComparer.Ordinal);

    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <param name="connectionString">As Npgsql has it: <c>Host=…;Database=…;Username=…;Password=…</c>.</param>
    /// <exception cref="StoreInaccessibleException">It is no connection string.</exception>
    public PostgresDatabase(string connectionString)
    {
        try
        {
            _connection = new(connectionString) { Pooling = false };
            foreach (var (key, value) in Defaults.Where(setting => !_connection.ContainsKey(setting.Key) || !IsWritten(connectionString, setting.Key)))
            {
                _connection[key] = value;
            }
        }
        catch (ArgumentException wrong)
        {
            throw new StoreInaccessibleException("PostgreSQL", $"the connection string is wrong: {wrong.Message}. Write it like Host=localhost;Database=automations;Username=automations", wrong);
        }
    }

    /// <inheritdoc/>
    public override string Name => $"PostgreSQL database {_connection.Database} at {_connection.Host}";

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override bool PacksEventIds => false;

    /// <inheritdoc/>
    public override void Migrate()
    {
        // Engines that start at the same time would create the same tables.
        using var guard = OpenReader();
        guard.Execute("select pg_advisory_lock(5065538, hashtext(current_schema()))", commandTimeout: 120);
        if (guard.ExecuteScalar<bool>("select to_regclass('schemaversions') is not null"))
        {
            StoreMigrations.RefuseNewer(this, guard.Query<string>("select scriptname from schemaversions order by schemaversionsid"));
        }

        var schema = guard.ExecuteScalar<string>("select current_schema()");
        StoreMigrations.Apply(this, DeployChanges.To.PostgresqlDatabase(_connection.ConnectionString).JournalToPostgresqlTable(schema, "schemaversions"));
    }

    /// <inheritdoc/>
    public override void Compact()
    {
        using var connection = new NpgsqlConnection(_connection.ConnectionString);
        connection.Open();
        connection.Execute("vacuum", commandTimeout: 0);
    }

    /// <inheritdoc/>
    public override WriterConnection OpenWriter() => PostgresWriter.Open(_connection.ConnectionString, this);

    /// <inheritdoc/>
    public override DbConnection OpenReader()
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute("set default_transaction_read_only = on");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Translate(string sql) => Translations.GetOrAdd(sql, static sql => List.Replace(Hint.Replace(sql, ""), " = any(@${name})"));

    /// <inheritdoc/>
    public override bool IsOfTheStore(DbException error) =>
        error is not PostgresException refused || refused.SqlState[..2] is "08" or "25" or "28" or "3D" or "40" or "53" or "54" or "55" or "57" or "58" or "F0" or "XX";

    /// <inheritdoc/>
    public override bool NeedsNewConnection(DbException error) => true;

    /// <inheritdoc/>
    public override string SentenceOfReading(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
        ? $"The store cannot be read: {Name} holds nothing of an engine. Start the engine on it once."
        : $"The store cannot be read: {Name}: {error.Message}";

    private static bool IsWritten(string connectionString, string key) => new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey(key);

    // PostgreSQL chooses its indexes itself.
    [GeneratedRegex(@" indexed by \w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hint { get; }

    [GeneratedRegex(@" in @(?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex List { get; }
}
