using System.Globalization;
using System.Text;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>The writer's connection to PostgreSQL.</summary>
internal sealed class PostgresWriter : WriterConnection
{
    // The first number is ours among all users of advisory locks, the second one tells stores in one database apart.
    private const string Exclusive = "select pg_advisory_xact_lock(5065537, hashtext(current_schema()))";

    private readonly NpgsqlConnection _connection;
    private bool _isInTransaction;

    private PostgresWriter(NpgsqlConnection connection, Database database)
        : base(database) => _connection = connection;

    /// <inheritdoc/>
    public override bool IsInTransaction => _isInTransaction && _connection.FullState.HasFlag(System.Data.ConnectionState.Open);

    /// <inheritdoc/>
    public override bool NeedsSavepoints => true;

    public static PostgresWriter Open(string connectionString, Database database)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // An engine that stands still in the middle of a transaction holds all others up: it loses the transaction, not they theirs.
            command.CommandText = """
                set idle_in_transaction_session_timeout = '5s';
                set lock_timeout = '12s';
                set statement_timeout = '30s';
                select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
                """;
            command.ExecuteNonQuery();
            return new(connection, database);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Begin(bool isExclusive)
    {
        Names.ForgetVersions();
        Sql("begin").Run();
        _isInTransaction = true;
        if (isExclusive)
        {
            Sql(Exclusive).Run();
        }
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        _isInTransaction = false;
        Sql("commit").Run();
    }

    /// <inheritdoc/>
    public override bool TryAddTogether(IReadOnlyList<AddDelivery> deliveries)
    {
        Save();
        try
        {
            DeliveryBatch.Add(this, deliveries);
            Release();
            return true;
        }
        catch (PostgresException ofOne) when (!Database.IsOfTheStore(ofOne))
        {
            Undo();
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Checkpoint()
    {
    }

    /// <inheritdoc/>
    protected override Statement Prepare(string text) => new PostgresStatement(_connection, Numbered(Database.Translate(text)));

    /// <inheritdoc/>
    protected override void UndoAll()
    {
        _isInTransaction = false;
        Sql("rollback").Run();
    }

    /// <inheritdoc/>
    protected override void Close() => _connection.Dispose();

    private static string Numbered(string sql)
    {
        var (text, number) = (new StringBuilder(sql.Length + 16), 0);
        foreach (var letter in sql)
        {
            _ = letter == '?' ? text.Append(CultureInfo.InvariantCulture, $"${++number}") : text.Append(letter);
        }

        return text.ToString();
    }
}
