using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>What an error of SQLite says about the disk, and what to do about it.</summary>
internal static class SqliteTroubles
{
    // Linux's number of "read-only file system".
    private const int Erofs = 30;

    private const string Meanwhile = "Until then webhooks are answered with 503, which Misskey repeats, and nothing is sent; afterwards all goes on by itself.";

    /// <summary>What kind of trouble it is.</summary>
    /// <param name="error">What was met.</param>
    /// <param name="path">The database.</param>
    public static StoreTroubleKind KindOf(Exception error, string path) => error is not SqliteException met ? StoreTroubleKind.Unwritable : met switch
    {
        // The kernel forgets what it could not write, and a second flush of the same pages says that all is well.
        { SqliteExtendedErrorCode: SQLITE_IOERR_FSYNC or SQLITE_IOERR_DIR_FSYNC } => StoreTroubleKind.Broken,
        { SqliteErrorCode: SQLITE_FULL } => StoreTroubleKind.Full,
        { SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED } => StoreTroubleKind.Busy,
        { SqliteErrorCode: SQLITE_READONLY } => StoreTroubleKind.ReadOnly,
        { SqliteErrorCode: SQLITE_IOERR or SQLITE_CANTOPEN } when IsReadOnly(path) => StoreTroubleKind.ReadOnly,
        _ => StoreTroubleKind.Unwritable,
    };

    /// <summary>What is wrong and what to do.</summary>
    public static string SentenceOf(Exception error, string path) => KindOf(error, path) switch
    {
        StoreTroubleKind.Broken => $"{path} could not be flushed to the disk ({error.Message}), so nobody knows what is on it. The engine ends; once it is started again, "
            + "it goes on from what is there. Look at the disk when that happens again.",
        StoreTroubleKind.Full => Full(Path.GetDirectoryName(path)!),
        StoreTroubleKind.Busy => $"Another program holds {path} locked: end it. {Meanwhile}",
        StoreTroubleKind.ReadOnly => $"{path} cannot be written: its file system is read-only, or the engine's user may not write there. Look at the disk (`dmesg`), "
            + $"and mount it for writing. {Meanwhile}",
        _ when error is SqliteException { SqliteErrorCode: SQLITE_CORRUPT or SQLITE_NOTADB } => $"{path} is damaged ({error.Message}). Stop the engine and put a backup in its place.",
        _ => $"{path} cannot be written: {error.Message}. Look at the disk and at the permissions of its folder. {Meanwhile}",
    };

    /// <summary>What is wrong and what to do when the disk of a directory is full.</summary>
    public static string Full(string directory) => $"The disk of {directory} is full. Make room there. {Meanwhile}";

    /// <summary>What to do when it cannot even be opened.</summary>
    public static string AdviceOn(Exception error, string path) => $"{error.Message}. " + KindOf(error, path) switch
    {
        StoreTroubleKind.Full => "Make room on its disk, or name another folder with --data.",
        StoreTroubleKind.Busy => "Another program holds it locked: end that, and start again.",
        StoreTroubleKind.ReadOnly => "Mount its file system for writing and let the engine's user write there, or name another folder with --data.",
        _ when error is SqliteException { SqliteErrorCode: SQLITE_CORRUPT or SQLITE_NOTADB } => "The file is damaged, or no database at all: put a backup in its place.",
        _ => "Look at the disk (`dmesg`), and start again.",
    };

    // Asked of the file beside it: closing the database's own would let go of SQLite's locks.
    private static bool IsReadOnly(string path)
    {
        try
        {
            File.OpenHandle(Path.ChangeExtension(path, ".at-work"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException error)
        {
            return error.HResult == Erofs;
        }
    }
}
