using System.Data.Common;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>Puts another file in place of the embedded database: a backup, or what could be saved of a damaged one. The former is set aside.</summary>
internal static class Restoring
{
    private const string Unfinished = ".unfinished";

    /// <summary>Puts a backup in place.</summary>
    /// <returns>Where the former database is, if there was one, and how many runs were ended.</returns>
    /// <exception cref="StoreLockedException">An engine runs.</exception>
    /// <exception cref="StoreDamagedException">The backup is damaged, or none of an engine.</exception>
    /// <exception cref="StoreTooNewException">A newer version made it.</exception>
    public static Restored Restore(StoreOptions options, string backup, DateTimeOffset now)
    {
        using var held = StoreFiles.Lock(options);
        if (SqliteCopies.FindDamage(backup) is { } damage)
        {
            throw new StoreDamagedException(backup, damage);
        }

        if (SqliteCopies.IsForeign(backup) || new FileInfo(backup).Length == 0)
        {
            throw new StoreDamagedException(backup, "it is no backup of an engine");
        }

        return Put(options, "replaced", now, into =>
        {
            SqliteCopies.Copy(backup, into);
            return (0, 0);
        });
    }

    /// <summary>Saves what can be read of the database into a new one, and puts that in place.</summary>
    /// <exception cref="StoreLockedException">An engine runs.</exception>
    public static Restored Repair(StoreOptions options, DateTimeOffset now)
    {
        using var held = StoreFiles.Lock(options);
        return Put(options, "corrupt", now, into =>
        {
            new SqliteDatabase(into).Migrate();
            return Salvage.Save(options.DatabasePath, into);
        });
    }

    private static Restored Put(StoreOptions options, string why, DateTimeOffset now, Func<string, (long Rows, int Gaps)> make)
    {
        var (path, fresh) = (options.DatabasePath, options.DatabasePath + Unfinished);
        StoreInspection.Delete(fresh);
        StoreFiles.MakePrivate(fresh);
        try
        {
            var (rows, gaps) = make(fresh);
            var ended = Stamp(fresh, EndOf(path, now));
            if (SqliteCopies.FindDamage(fresh) is { } damage)
            {
                throw new StoreDamagedException(fresh, damage);
            }

            var aside = File.Exists(path) ? StoreInspection.SetAside(path, why, now) : null;
            File.Move(fresh, path);
            StoreInspection.Delete(fresh);

            // What the former engine was at has nothing to do with this database.
            File.Delete(options.BlackBoxPath);
            return new(aside, ended, rows, gaps);
        }
        catch (DbException error)
        {
            throw new StoreInaccessibleException(fresh, error.Message, error);
        }
    }

    private static int Stamp(string path, DateTimeOffset until)
    {
        var database = new SqliteDatabase(path);
        database.Migrate();
        using var db = database.OpenWriter();
        db.Begin(isExclusive: true);
        var ended = RestoredStore.Stamp(db, until);
        db.Commit(default);
        db.Checkpoint();
        return ended;
    }

    // Until then an engine may have acted: it writes whenever it does. Servers' clocks may be a little ahead.
    private static DateTimeOffset EndOf(string path, DateTimeOffset now)
    {
        var written = ((string[])["", "-wal"]).Select(ending => new FileInfo(path + ending)).Where(file => file is { Exists: true, Length: > 0 })
            .Select(file => (DateTimeOffset?)file.LastWriteTimeUtc).Max();
        return (written ?? now) + TimeSpan.FromSeconds(2);
    }
}

/// <summary>What was put in place.</summary>
/// <param name="SetAside">Where the former database is; null when there was none.</param>
/// <param name="EndedRuns">How many runs were ended.</param>
/// <param name="Rows">Of a repair: how many rows were saved.</param>
/// <param name="Gaps">Of a repair: in how many places rows could not be read.</param>
internal sealed record Restored(string? SetAside, int EndedRuns, long Rows, int Gaps);
