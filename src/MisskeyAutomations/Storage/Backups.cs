using System.Data.Common;
using System.Globalization;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>Copies of the embedded store, whole and verified, made while an engine runs or not.</summary>
internal static class Backups
{
    private const string Beginning = "automations-";
    private const string Ending = ".db";
    private const string Unfinished = ".unfinished";
    private const string Time = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Makes one. Under its name there is never an unfinished or unverified one.</summary>
    /// <param name="database">The database to copy.</param>
    /// <param name="file">Where to; nothing may be there.</param>
    /// <exception cref="IOException">It cannot be made; what there is of it is deleted.</exception>
    public static void Make(string database, string file)
    {
        if (File.Exists(file))
        {
            throw new IOException($"The backup was not made: {file} is there already.");
        }

        var unfinished = file + Unfinished;
        try
        {
            StoreFiles.MakePrivate(unfinished);
            SqliteCopies.Copy(database, unfinished);
            Flush(unfinished);
            if (SqliteCopies.FindDamage(unfinished) is { } damage)
            {
                throw new IOException($"The backup was not made: what was read of {database} is damaged ({damage}).");
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (DbException error)
        {
            throw new IOException($"The backup was not made: {error.Message}", error);
        }
        finally
        {
            StoreInspection.Delete(unfinished);
        }
    }

    /// <summary>Makes one under the name of its time, and deletes the oldest of such names over a number.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be made; nothing is deleted then.</exception>
    public static string MakeIn(string directory, string database, int keep, DateTimeOffset now)
    {
        StoreFiles.MakeDirectory(directory);
        var file = Path.Combine(directory, $"{Beginning}{now.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}{Ending}");
        Make(database, file);
        foreach (var old in List(directory).Skip(keep))
        {
            File.Delete(old);
        }

        return file;
    }

    /// <summary>The time that the name of one tells; the beginning of all times when it only looks like such a name.</summary>
    public static DateTimeOffset TimeOf(string file) => DateTimeOffset.TryParseExact(
        Path.GetFileNameWithoutExtension(file)[Beginning.Length..], Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time : DateTimeOffset.MinValue;

    /// <summary>Those that bear the names of their times, newest first.</summary>
    public static IReadOnlyList<string> List(string directory) => !Directory.Exists(directory) ? [] :
        [.. Directory.GetFiles(directory, $"{Beginning}????????T??????Z{Ending}").OrderDescending(StringComparer.Ordinal)];

    private static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
