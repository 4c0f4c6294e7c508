using System.Data.Common;
using System.Globalization;
using Dapper;
using MisskeyAutomations.Storage.Sqlite;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>
/// Moves a store from its file to an empty database of PostgreSQL, in one transaction there: all of it arrives, or nothing. The file is
/// only read.
/// </summary>
/// <param name="options">The data directory with the file.</param>
/// <param name="target">The database.</param>
/// <param name="tell">Is told how far it is: the table, its rows that were moved, and all that it has.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreMove(StoreOptions options, PostgresDatabase target, Action<string, long, long> tell, TimeProvider time)
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(5);

    private long _toldAt = time.GetTimestamp();

    /// <summary>Moves it.</summary>
    /// <returns>How many rows there are.</returns>
    /// <exception cref="StoreLockedException">An engine uses the file.</exception>
    /// <exception cref="StoreInaccessibleException">One of the databases cannot be used, or is not fit for it.</exception>
    public long Run()
    {
        using var files = StoreFiles.Claim(options);
        using var blackBox = files.BlackBox;
        var source = new SqliteDatabase(options.DatabasePath);
        try
        {
            using var file = source.OpenCurrent();
            var note = MoveNote.Read(options);
            if (note is not null && note.Target != target.Name)
            {
                throw new StoreMovedException(note.Target, options.MoveNotePath);
            }

            target.Migrate();
            return Move(file, note);
        }
        catch (DbException error) when (error is NpgsqlException)
        {
            throw target.Explain(error);
        }
        catch (DbException error)
        {
            throw source.Explain(error);
        }
    }

    private long Move(DbConnection file, MoveNote? former)
    {
        using var server = target.OpenMover();
        using var transaction = server.BeginTransaction();
        server.Execute(PostgresWriter.Exclusive);
        var tables = Order(server, [.. file.Query<string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite!_%' escape '!' and name <> 'SchemaVersions'")]);
        if (former is not null && server.QueryFirstOrDefault<string>("select value from settings where key = @Key", new { MoveNote.Key }) == former.Word)
        {
            // The last attempt had come to its end, and could not say so.
            return tables.Sum(table => server.ExecuteScalar<long>($"select count(*) from \"{table}\"")) - 1;
        }

        RefuseFilled(server);
        var rows = tables.Sum(table => Copy(MovedTable.Read(file, server, table), file, server));
        LetGo(server);
        return Settle(transaction, server, rows);
    }

    // Tables that others refer to come first.
    private static List<string> Order(NpgsqlConnection server, List<string> tables)
    {
        const string References = """
            select c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c where c.contype = 'f' and c.connamespace = current_schema()::regnamespace
            """;
        var references = server.Query<(string From, string To)>(References).ToLookup(row => row.From, row => row.To, StringComparer.Ordinal);
        var ordered = new List<string>();
        while (tables.Find(table => references[table].All(ordered.Contains)) is { } next)
        {
            tables.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private void RefuseFilled(NpgsqlConnection server)
    {
        const string Tables = "select tablename from pg_tables where schemaname = current_schema() and tablename <> 'schemaversions' order by tablename";
        if (server.Query<string>(Tables).FirstOrDefault(table => server.ExecuteScalar<bool>($"select exists (select 1 from \"{table}\")")) is { } filled)
        {
            throw new StoreInaccessibleException(target.Name, $"it is not empty: there are rows in its table {filled}. Make a database for the purpose and name that one.")
            {
                IsOfTheSettings = true,
            };
        }
    }

    private long Copy(MovedTable table, DbConnection file, NpgsqlConnection server)
    {
        var all = table.CountIn(file);
        using var given = table.Copy(file, server, count => Tell(table.Name, count, all));
        using var arrived = table.ReadBack(server);
        if (!given.IsSameAs(arrived) || given.Count != all)
        {
            throw new StoreInaccessibleException(
                target.Name, string.Create(CultureInfo.InvariantCulture, $"the table {table.Name} did not arrive as it was sent ({arrived.Count} rows of {all}). Nothing was moved; try again."));
        }

        table.ContinueNumbers(server);
        return all;
    }

    // Nobody runs on the file: what its last engine held is free at once.
    private static void LetGo(NpgsqlConnection server) => server.Execute("""
        update runs set lease = null, wake_at = floor(extract(epoch from clock_timestamp()) * 1000) where wake_at is not null and lease is not null
        """);

    private long Settle(NpgsqlTransaction transaction, NpgsqlConnection server, long rows)
    {
        var note = new MoveNote(Guid.NewGuid().ToString(), target.Name);
        server.Execute("insert into settings (key, value) values (@Key, @Word)", new { MoveNote.Key, note.Word });
        note.Write(options);
        try
        {
            transaction.Commit();
            return rows;
        }
        catch (PostgresException refused) when (refused.SqlState[..2] is not ("57" or "08"))
        {
            File.Delete(options.MoveNotePath);
            throw;
        }
        catch (NpgsqlException lost)
        {
            throw new StoreInaccessibleException(target.Name, "the connection was lost at the very end, so that it is not known whether all is there. Give the same command again: it finds out, and does what is left.", lost);
        }
    }

    private void Tell(string table, long count, long all)
    {
        if (count % 1_000 == 0 && time.GetElapsedTime(_toldAt) >= BetweenWords)
        {
            _toldAt = time.GetTimestamp();
            tell(table, count, all);
        }
    }
}
