using System.Globalization;
using System.Text;
using MisskeyAutomations.Inbox;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>The writer's connection to PostgreSQL.</summary>
internal sealed class PostgresWriter : WriterConnection
{
    // The first number is ours among all users of advisory locks, the second one tells stores in one database apart.
    public const string Exclusive = "select pg_advisory_xact_lock(5065537, hashtext(current_schema()))";

    private readonly NpgsqlConnection _connection;
    private readonly PostgresPipeline _pipeline;
    private bool _isInTransaction;
    private bool _isWarned;

    private PostgresWriter(NpgsqlConnection connection, Database database)
        : base(database)
    {
        _connection = connection;
        _pipeline = new(connection);
        connection.Notice += (_, said) => _isWarned |= said.Notice.InvariantSeverity == "WARNING";
    }

    /// <inheritdoc/>
    public override bool IsInTransaction => _isInTransaction && _connection.FullState.HasFlag(System.Data.ConnectionState.Open);

    public static PostgresWriter Open(NpgsqlConnection connection, Database database)
    {
        try
        {
            using var command = connection.CreateCommand();

            // An engine that stands still in the middle of a transaction holds all others up: it loses the transaction, not they theirs.
            command.CommandText = """
                set idle_in_transaction_session_timeout = '5s';
                set lock_timeout = '8s';
                set statement_timeout = '30s';
                """;
            command.ExecuteNonQuery();
            var concerns = ServerConcerns.Find(connection);
            return new(connection, database) { Concerns = concerns, IsOnAnotherServer = concerns.Contains(ServerConcerns.AnotherServer, StringComparer.Ordinal) };
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
        // Whatever the server is set to: what is asked behind the lock must see what stood before the other engine let go of it.
        Sql("begin isolation level read committed").Run();
        _isInTransaction = true;
        if (isExclusive)
        {
            Sql(Exclusive).Run();
            Flush();
        }
    }

    /// <inheritdoc/>
    public override void Commit(CommitMark mark)
    {
        Flush();
        _isInTransaction = false;
        using var batch = new NpgsqlBatch(_connection);
        if (mark.Lease > 0)
        {
            batch.BatchCommands.Add(new("update nodes set commits = $1 where lease = $2") { Parameters = { new() { Value = mark.Number }, new() { Value = mark.Lease } } });
        }

        batch.BatchCommands.Add(new("commit"));
        _isWarned = false;
        batch.ExecuteNonQuery();
        if (_isWarned)
        {
            // The wait for a synchronous standby was given up: what is on one server only is not to be acknowledged.
            throw new StoreUnavailableException("No synchronous standby confirmed the commit.");
        }
    }

    /// <inheritdoc/>
    public override bool HasCommitted(CommitMark mark)
    {
        // Whoever may still be committing it holds the lock.
        Begin(isExclusive: true);
        var last = LastCommit(mark.Lease);
        if (last is null || last < mark.Number)
        {
            Rollback();
            return false;
        }

        // Where a standby confirms commits, this one is confirmed after that one.
        Commit(mark with { Number = last.Value });
        return true;
    }

    /// <inheritdoc/>
    public override long? LastCommit(long lease) => Sql("select commits from nodes where lease = ?").Bind(lease).Number();

    /// <inheritdoc/>
    public override void AddTogether(IReadOnlyList<AddDelivery> deliveries) => DeliveryBatch.Add(this, deliveries);

    /// <inheritdoc/>
    public override void Flush() => _pipeline.Flush();

    /// <inheritdoc/>
    public override void Checkpoint()
    {
    }

    /// <inheritdoc/>
    protected override Statement Prepare(string text) => new PostgresStatement(_pipeline, Numbered(Database.Translate(text)));

    /// <inheritdoc/>
    protected override void Forget() => _pipeline.Forget();

    /// <inheritdoc/>
    protected override void UndoAll()
    {
        _isInTransaction = false;
        Sql("rollback").Run();
        Flush();
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
