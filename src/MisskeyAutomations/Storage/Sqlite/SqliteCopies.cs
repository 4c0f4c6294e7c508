using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>Looks at whole database files, and copies them.</summary>
internal static class SqliteCopies
{
    private const int InstructionsBetweenLooks = 10_000;
    private const int MostDamageTold = 3;

    /// <summary>Copies what is committed into an empty file, densely: also beside an engine that writes.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public static void Copy(string path, string into)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            connection.Execute("vacuum into @into", new { into }, commandTimeout: 0);

            // A copy needs no log beside it, wherever it is put.
            using var copy = Open(into, SqliteOpenMode.ReadWrite);
            copy.Execute("pragma journal_mode = delete");
        }
        catch (SqliteException error)
        {
            throw new IOException($"{path} could not be copied: {error.Message}", error);
        }
    }

    /// <summary>What is wrong with a database file; null when nothing is, or nothing was found in the time given.</summary>
    /// <param name="path">The file. It is only read: a log beside it is read, too, and not moved into it.</param>
    /// <param name="within">How long to look at most; null: to the end.</param>
    public static string? FindDamage(string path, TimeSpan? within = null) => FindDamage(path, within, out _);

    /// <inheritdoc cref="FindDamage(string, TimeSpan?)"/>
    public static string? FindDamage(string path, TimeSpan? within, out bool isWhole)
    {
        isWhole = true;
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            var started = Stopwatch.GetTimestamp();
            delegate_progress isOver = _ => within is { } limit && Stopwatch.GetElapsedTime(started) >= limit ? 1 : 0;
            sqlite3_progress_handler(connection.Handle, InstructionsBetweenLooks, isOver, null!);
            var found = connection.Query<string>($"pragma quick_check({MostDamageTold})").ToList();
            GC.KeepAlive(isOver);
            return found is ["ok"] ? null : string.Join("; ", found).ReplaceLineEndings(" ");
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_INTERRUPT)
        {
            isWhole = false;
            return null;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_IOERR or SQLITE_ERROR)
        {
            return error.Message;
        }
    }

    /// <summary>Whether it holds tables, and none of an engine's.</summary>
    public static bool IsForeign(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadOnly);
        var tables = connection.Query<string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").ToList();
        return tables.Count > 0 && !tables.Contains("SchemaVersions", StringComparer.Ordinal);
    }

    /// <summary>Opens a file for looking at it whole, or for working on it beside the engine's rules.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("pragma busy_timeout = 5000; pragma trusted_schema = off; pragma mmap_size = 0; pragma cell_size_check = on;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
