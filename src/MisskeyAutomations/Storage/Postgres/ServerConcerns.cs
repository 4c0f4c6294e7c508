using Dapper;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>What a person should know about a server: that it may forget what it confirms, or that it is not the one that it was.</summary>
internal static class ServerConcerns
{
    private const string NotFlushed =
        "PostgreSQL runs with fsync = off: when its machine goes down, what was acknowledged may be lost. Set it to on in postgresql.conf";
    private const string NotWaited =
        "PostgreSQL has synchronous_commit = off. This engine sets it to on for its own connections, so that nothing acknowledged is lost";

    /// <summary>It is not the server that the store was on before.</summary>
    public const string AnotherServer =
        "PostgreSQL is not the server that the store was on before: a standby was promoted, or a backup was put back. If the standby was synchronous, "
        + "nothing is lost. Otherwise its last transactions may be missing: look at Misskey for what was answered just before, since it may be answered again";

    /// <summary>Looks at the server of the writer's connection, which is set up for it.</summary>
    public static IReadOnlyList<string> Find(NpgsqlConnection connection)
    {
        var concerns = new List<string>();
        if (connection.ExecuteScalar<string>("show fsync") == "off")
        {
            concerns.Add(NotFlushed);
        }

        if (connection.ExecuteScalar<string>("show synchronous_commit") == "off")
        {
            connection.Execute("set synchronous_commit = on");
            concerns.Add(NotWaited);
        }

        if (IsAnother(connection))
        {
            concerns.Add(AnotherServer);
        }

        return concerns;
    }

    // A promotion begins a new timeline, a restored dump has a new identifier. Whoever notices first says it.
    private static bool IsAnother(NpgsqlConnection connection)
    {
        const string Read = """
            select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as now, (select value from settings where key = 'server') as before
            from pg_control_system()
            """;
        const string Write = """
            insert into settings (key, value) values ('server', @now)
            on conflict (key) do update set value = excluded.value where settings.value is distinct from excluded.value
            """;
        try
        {
            var (now, before) = connection.QuerySingle<(string Now, string? Before)>(Read);
            return now != before && connection.Execute(Write, new { now }) > 0 && before is not null;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFunction)
        {
            // Some who run servers for others keep it to themselves.
            return false;
        }
    }
}
