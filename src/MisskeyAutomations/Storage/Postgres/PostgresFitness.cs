using Dapper;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>Whether a server will do for a store.</summary>
internal static class PostgresFitness
{
    private const int OldestMajor = 15;
    private const int Looks = 10;

    /// <summary>Refuses what will not do.</summary>
    /// <param name="database">The database.</param>
    /// <param name="connection">A connection to it.</param>
    /// <param name="open">Opens another.</param>
    /// <exception cref="StoreInaccessibleException">It will not do; the message says what will.</exception>
    public static void Check(PostgresDatabase database, NpgsqlConnection connection, Func<NpgsqlConnection> open)
    {
        if (connection.PostgreSqlVersion.Major < OldestMajor)
        {
            throw Unfit(database, $"it is PostgreSQL {connection.PostgreSqlVersion}. Version {OldestMajor} or newer is needed.");
        }

        if (connection.ExecuteScalar<bool>("select pg_is_in_recovery()"))
        {
            throw Unfit(database, "it only reads, as a standby does. Name the primary as Host; with several hosts, add Target Session Attributes=primary.");
        }

        if (connection.ExecuteScalar<string?>("select current_schema()") is null)
        {
            throw database.Explain(new PostgresException("no schema", "ERROR", "ERROR", PostgresErrorCodes.InvalidSchemaName));
        }

        if (connection.ExecuteScalar<string>("show server_encoding") != "UTF8")
        {
            throw Unfit(database, "its encoding is not UTF8, so that not every text can be kept. Make a database with: create database … encoding 'UTF8' template template0");
        }

        if (IsDealtOutByTransaction(connection, open))
        {
            throw Unfit(database, "a pooler stands before it that gives each transaction another connection, such as pgbouncer with pool_mode = transaction. "
                + "Name the server itself, or a pool with pool_mode = session: an engine keeps its few connections.");
        }
    }

    // A pooler tells a number of its own for the connection. Where another client is given the connection that was this one's, or this one
    // another than before, it keeps none.
    private static bool IsDealtOutByTransaction(NpgsqlConnection one, Func<NpgsqlConnection> open)
    {
        if (one.ProcessID == NumberOf(one))
        {
            return false;
        }

        using var other = open();
        for (var look = 0; look < Looks; look++)
        {
            var before = NumberOf(one);
            using var transaction = other.BeginTransaction();
            if (NumberOf(other) == before || NumberOf(one) != before)
            {
                return true;
            }
        }

        return false;
    }

    private static int NumberOf(NpgsqlConnection connection) => connection.ExecuteScalar<int>("select pg_backend_pid()");

    private static StoreInaccessibleException Unfit(PostgresDatabase database, string sentence) => new(database.Name, sentence) { IsOfTheSettings = true };
}
