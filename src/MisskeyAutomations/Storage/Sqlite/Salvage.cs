using Dapper;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>
/// Saves the rows of a damaged database into a new one. Each table is read from its beginning up to the damage and from its end down to it, so
/// that one bad page costs what stood on it.
/// </summary>
internal static class Salvage
{
    /// <summary>Saves what can be read.</summary>
    /// <param name="damaged">The damaged database, which is only read.</param>
    /// <param name="into">A database of this version's schema without rows.</param>
    /// <returns>How many rows were saved, and in how many tables some could not be read.</returns>
    public static (long Rows, int Gaps) Save(string damaged, string into)
    {
        using var target = SqliteCopies.Open(into, SqliteOpenMode.ReadWrite);
        target.Execute("pragma foreign_keys = off; pragma synchronous = off;");
        var (rows, gaps) = (0L, 0);
        foreach (var table in target.Query<string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'SchemaVersions'").ToList())
        {
            using var transaction = target.BeginTransaction();
            var saved = Save(damaged, target, transaction, table);
            transaction.Commit();
            rows += saved.Rows;
            gaps += saved.IsWhole ? 0 : 1;
        }

        return (rows, gaps);
    }

    private static (long Rows, bool IsWhole) Save(string damaged, SqliteConnection target, SqliteTransaction transaction, string table)
    {
        var shape = target.Query<(string Name, long Pk)>("select name, pk from pragma_table_info(@table)", new { table }).ToList();
        var keys = shape.Where(column => column.Pk > 0).OrderBy(column => column.Pk).Select(column => $"\"{column.Name}\"").ToList();
        var columns = ColumnsOf(damaged, table) is { Count: > 0 } there ? shape.Select(column => column.Name).Where(there.Contains).ToList() : [];
        if (columns.Count == 0)
        {
            return (0, IsWhole: false);
        }

        var list = string.Join(", ", columns.Select(column => $"\"{column}\""));
        var insert = $"insert or ignore into \"{table}\" ({list}) values ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})";
        using var command = new SqliteCommand(insert, target, transaction);
        foreach (var i in Enumerable.Range(0, columns.Count))
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{i}" });
        }

        var (rows, isWhole) = Read(damaged, $"select {list} from \"{table}\" order by {string.Join(", ", keys)}", command);
        return isWhole ? (rows, true) : (rows + Read(damaged, $"select {list} from \"{table}\" order by {string.Join(", ", keys.Select(key => $"{key} desc"))}", command).Rows, false);
    }

    // A connection of its own for each walk: one that met damage remembers it.
    private static (long Rows, bool IsWhole) Read(string damaged, string select, SqliteCommand insert)
    {
        var rows = 0L;
        try
        {
            using var source = SqliteCopies.Open(damaged, SqliteOpenMode.ReadOnly);
            using var command = new SqliteCommand(select, source);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    insert.Parameters[i].Value = reader.GetValue(i);
                }

                rows += Insert(insert);
            }

            return (rows, true);
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            return (rows, false);
        }
    }

    // A row that is damaged itself may not be what its table takes.
    private static int Insert(SqliteCommand insert)
    {
        try
        {
            return insert.ExecuteNonQuery();
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_CONSTRAINT)
        {
            return 0;
        }
    }

    private static HashSet<string> ColumnsOf(string damaged, string table)
    {
        try
        {
            using var source = SqliteCopies.Open(damaged, SqliteOpenMode.ReadOnly);
            return [.. source.Query<string>("select name from pragma_table_info(@table)", new { table })];
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            return [];
        }
    }

    private static bool IsDamage(SqliteException error) => error.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_IOERR or SQLITE_ERROR;
}
