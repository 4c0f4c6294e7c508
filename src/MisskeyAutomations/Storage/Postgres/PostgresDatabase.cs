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
        ("Application Name", "misskey-automations"), ("Timeout", "5"), ("Command Timeout", "10"), ("Cancellation Timeout", "1000"), ("Keepalive", "5"),
        ("Host Recheck Seconds", "2"), ("Max Auto Prepare", "200"), ("Auto Prepare Min Usages", "2"), ("Include Error Detail", "false"),
    ];

    private static readonly ConcurrentDictionary<string, string> Translations = new(StringComparer.Ordinal);

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly PostgresTrouble _trouble;

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

            _trouble = new(_connection);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            // What is wrong with it is not repeated: it may be a piece of the password.
            throw new StoreInaccessibleException("PostgreSQL", "the connection string is wrong. Write it like Host=localhost;Database=automations;Username=automations;Passfile=/run/secrets/pgpass; a value with ; or = in it stands in quotes.", wrong)
            {
                IsOfTheSettings = true,
            };
        }

        if (string.IsNullOrEmpty(_connection.Host) || string.IsNullOrEmpty(_connection.Database ?? _connection.Username))
        {
            throw new StoreInaccessibleException("PostgreSQL", "the connection string names no Host or no Database. Write it like Host=localhost;Database=automations;Username=automations")
            {
                IsOfTheSettings = true,
            };
        }
    }

    /// <inheritdoc/>
    public override string Name => $"PostgreSQL database {_connection.Database ?? _connection.Username} at {_connection.Host}:{_connection.Port}";

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override bool PacksEventIds => false;

    /// <inheritdoc/>
    public override void Migrate()
    {
        // Engines that start at the same time would create the same tables.
        using var guard = Open();
        PostgresFitness.Check(this, guard, Open);
        using var alone = guard.BeginTransaction();
        guard.Execute("set local statement_timeout = 0; set local lock_timeout = '100s'; set local idle_in_transaction_session_timeout = 0");
        guard.Execute("select pg_advisory_xact_lock(5065538, hashtext(current_schema()))", commandTimeout: 120);
        if (guard.ExecuteScalar<bool>("select to_regclass('schemaversions') is not null"))
        {
            StoreMigrations.RefuseNewer(this, guard.Query<string>("select scriptname from schemaversions order by schemaversionsid"));
        }

        var schema = guard.ExecuteScalar<string>("select current_schema()");

        // An index over the events of years takes its time.
        StoreMigrations.Apply(
            this, DeployChanges.To.PostgresqlDatabase(_connection.ConnectionString).JournalToPostgresqlTable(schema, "schemaversions").WithExecutionTimeout(TimeSpan.Zero));
    }

    /// <inheritdoc/>
    public override void Compact()
    {
        using var connection = Open();
        connection.Execute("vacuum", commandTimeout: 0);
    }

    /// <inheritdoc/>
    public override WriterConnection OpenWriter() => PostgresWriter.Open(Open(), this);

    /// <inheritdoc/>
    public override DbConnection OpenReader()
    {
        var connection = Open();
        try
        {
            connection.Execute("set default_transaction_read_only = on");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection for one long transaction that must reach the disk.</summary>
    public NpgsqlConnection OpenMover()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { CommandTimeout = 0 }.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute("set statement_timeout = 0; set lock_timeout = '8s'; set idle_in_transaction_session_timeout = 0; set synchronous_commit = on");
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
        error is not PostgresException refused || refused.SqlState[..2] is "08" or "25" or "28" or "3D" or "40" or "53" or "55" or "57" or "58" or "F0" or "XX";

    /// <inheritdoc/>
    public override bool NeedsNewConnection(DbException error) => true;

    /// <inheritdoc/>
    public override StoreTroubleKind TroubleOf(Exception error) => StoreTroubleKind.Unwritable;

    /// <inheritdoc/>
    public override string SentenceOfWriting(Exception error) => $"The database {Name} cannot be written: {error.Message} "
        + "Webhooks are answered with 503, which Misskey repeats, and nothing is sent until it can be written again; then all goes on by itself.";

    /// <inheritdoc/>
    public override string SentenceOfReading(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
        ? $"The store cannot be read: {Name} holds nothing of an engine. Start the engine on it once."
        : $"The store cannot be read: {Name}: {_trouble.SentenceOf(error)}";

    /// <inheritdoc/>
    public override StoreInaccessibleException Explain(DbException error) =>
        new(Name, _trouble.SentenceOf(error), error) { IsOfTheSettings = PostgresTrouble.IsOfTheSettings(error) };

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsWritten(string connectionString, string key) => new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey(key);

    // PostgreSQL chooses its indexes itself.
    [GeneratedRegex(@" indexed by \w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hint { get; }

    [GeneratedRegex(@" in @(?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex List { get; }
}
