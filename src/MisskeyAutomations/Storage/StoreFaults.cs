using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage;

/// <summary>Another running engine owns the store.</summary>
internal sealed class StoreLockedException(string lockPath, Exception inner)
    : Exception($"Another engine is using this store: {lockPath} is locked.", inner)
{
    /// <summary>The lock file.</summary>
    public string LockPath { get; } = lockPath;
}

/// <summary>The store's directory or files cannot be read or written.</summary>
internal sealed class StoreInaccessibleException(string path, string reason, Exception? inner = null)
    : Exception($"The store cannot be used: {path}: {reason}", inner)
{
    /// <summary>The directory or file.</summary>
    public string Path { get; } = path;
}

/// <summary>The store was written by a newer version of the engine.</summary>
internal sealed class StoreTooNewException(string path, string script)
    : Exception($"{path} was written by a newer version of this program (its schema has '{script}'). Use that version, or restore a backup.")
{
    /// <summary>The first migration that this version does not know.</summary>
    public string Script { get; } = script;
}

/// <summary>The SQLite library can corrupt a database in WAL mode (fixed in 3.51.3).</summary>
internal sealed class SqliteTooOldException(string version)
    : Exception($"SQLite {version} can corrupt the store when a checkpoint meets a write; 3.51.3 or newer is needed.")
{
    /// <summary>The library's version.</summary>
    public string Version { get; } = version;
}

/// <summary>Which of SQLite's errors are the store's and which a single operation's.</summary>
internal static class StoreFaults
{
    /// <summary>
    /// Whether the error says that nothing can be written now, whatever it is. The transaction may be gone after it, so it must not be
    /// blamed on the operation that met it.
    /// </summary>
    public static bool IsOfTheStore(SqliteException error) => error.SqliteErrorCode is
        SQLITE_FULL or SQLITE_IOERR or SQLITE_NOMEM or SQLITE_BUSY or SQLITE_LOCKED or SQLITE_CORRUPT or SQLITE_READONLY
        or SQLITE_CANTOPEN or SQLITE_PROTOCOL or SQLITE_NOTADB or SQLITE_INTERRUPT or SQLITE_PERM or SQLITE_AUTH;

    /// <summary>Whether the connection that met the error is to be opened anew before the next attempt.</summary>
    public static bool NeedsNewConnection(SqliteException error) => error.SqliteErrorCode is
        SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PROTOCOL;

    /// <summary>Why a database could not be read, and what to do about it.</summary>
    public static string SentenceOfReading(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_NOTADB or SQLITE_CORRUPT => "The store cannot be read: its file is damaged, or no database at all. Put a backup in its place, or name the engine's directory with --data.",
        SQLITE_ERROR when error.Message.Contains("no such", StringComparison.Ordinal) =>
            "The store cannot be read: its file holds nothing of an engine, or that of another version. Start the engine on it once, or name the engine's directory with --data.",
        SQLITE_CANTOPEN or SQLITE_PERM or SQLITE_AUTH => "The store cannot be read: its file cannot be opened. Ask as the user who runs the engine.",
        _ => $"The store cannot be read: {error.Message}",
    };
}
