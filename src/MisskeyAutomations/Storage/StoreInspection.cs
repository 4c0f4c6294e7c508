using System.Globalization;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>Looks at the database's file before anything is written to it, and sets files aside. Nothing is ever deleted.</summary>
internal static class StoreInspection
{
    /// <summary>How long a start looks at most: more than a hundred megabytes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Endings = ["", "-wal", "-shm"];

    /// <summary>Refuses a damaged database, unless its loss is accepted: then it is set aside.</summary>
    /// <returns>Whether its last use did not end in order and there was no time to look at all of it.</returns>
    /// <exception cref="StoreDamagedException">It is damaged, empty or gone.</exception>
    public static bool Look(StoreOptions options, BlackBox blackBox)
    {
        try
        {
            return Look(options.DatabasePath, blackBox.ReadFormerLease());
        }
        catch (StoreDamagedException) when (options.AcceptsDataLoss)
        {
            SetAside(options.DatabasePath, "corrupt", TimeProvider.System.GetUtcNow());
            StoreFiles.MakePrivate(options.DatabasePath);
            blackBox.Begin(new Dictionary<Engine.Runs.Evaluated, int>(), 0);
            return false;
        }
    }

    /// <summary>Moves a database away from its name, with its log, under a name that says why and when.</summary>
    /// <returns>Its new path.</returns>
    public static string SetAside(string path, string why, DateTimeOffset now)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{why}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        for (var number = 2; File.Exists(aside); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{why}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{number}");
        }

        // The log first: a database without its log is older, a log without its database nothing.
        foreach (var ending in Endings.Reverse().Where(ending => File.Exists(path + ending)))
        {
            File.Move(path + ending, aside + ending);
        }

        return aside;
    }

    /// <summary>Deletes a database that nobody has seen yet, with its log.</summary>
    public static void Delete(string path)
    {
        foreach (var ending in Endings)
        {
            File.Delete(path + ending);
        }
    }

    private static bool Look(string path, long formerLease)
    {
        var log = new FileInfo($"{path}-wal");
        var endedInOrder = !log.Exists || log.Length == 0;
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return formerLease == 0 && endedInOrder && !HasOthers(path) ? false
                : throw new StoreDamagedException(path, "it is gone or empty, though an engine has worked with it");
        }

        if (SqliteCopies.FindDamage(path, Longest, out var isWhole) is { } damage)
        {
            throw new StoreDamagedException(path, damage);
        }

        return SqliteCopies.IsForeign(path) ? throw new StoreDamagedException(path, "it is the database of another program") : !isWhole && !endedInOrder;
    }

    // What was set aside, or was being put in place when that was cut off.
    private static bool HasOthers(string path) => Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!)
        .Any(file => Path.GetFileName(file).StartsWith($"{Path.GetFileName(path)}.", StringComparison.Ordinal));
}
