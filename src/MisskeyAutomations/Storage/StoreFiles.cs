using System.Text;

namespace MisskeyAutomations.Storage;

/// <summary>The store's directory and lock: private to the engine's user, and owned by one running engine at a time.</summary>
internal sealed class StoreFiles : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private StoreFiles(FileStream held, FileStream blackBox, string engine)
    {
        _lock = held;
        BlackBox = blackBox;
        Engine = engine;
    }

    /// <summary>The open file of the black box, to be closed by whoever maps it.</summary>
    public FileStream BlackBox { get; }

    /// <summary>By what name the engine of this directory is known in a store that several may share: the same at each start.</summary>
    public string Engine { get; }

    /// <summary>Makes what is missing, closes it to others and takes the lock.</summary>
    /// <exception cref="StoreLockedException">Another engine holds the lock.</exception>
    /// <exception cref="StoreInaccessibleException">A path cannot be made or written.</exception>
    public static StoreFiles Claim(StoreOptions options)
    {
        var held = Lock(options);
        try
        {
            if (options.Postgres is null)
            {
                // SQLite gives its -wal and -shm files the mode of the database.
                Guarded(options.DatabasePath, () => Open(options.DatabasePath, FileShare.ReadWrite).Dispose());
            }

            var engine = options.Postgres is null ? Path.GetFullPath(options.DataDirectory) : NameIn(held);
            return new(held, Guarded(options.BlackBoxPath, () => Open(options.BlackBoxPath, FileShare.ReadWrite)), engine);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Takes the lock alone, for whoever works on the files: no engine runs while it is held.</summary>
    /// <exception cref="StoreLockedException">An engine holds it.</exception>
    /// <exception cref="StoreInaccessibleException">A path cannot be made or written.</exception>
    public static FileStream Lock(StoreOptions options)
    {
        Guarded(options.DataDirectory, () => MakeDirectory(options.DataDirectory));
        if (options.Postgres is null)
        {
            NetworkFolder.Refuse(options.DataDirectory);
        }

        return Guarded(options.LockPath, () => TakeLock(options.LockPath));
    }

    /// <summary>Makes a file that nobody else can read.</summary>
    public static void MakePrivate(string path) => Open(path, FileShare.ReadWrite).Dispose();

    /// <summary>Makes a directory that nobody else can look into.</summary>
    public static void MakeDirectory(string directory)
    {
        const UnixFileMode OwnerDirectory = OwnerOnly | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, OwnerDirectory);
        if (File.GetUnixFileMode(directory) != OwnerDirectory)
        {
            File.SetUnixFileMode(directory, OwnerDirectory);
        }
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return Open(path, FileShare.None);
        }
        catch (IOException locked) when (locked.GetType() == typeof(IOException) && File.Exists(path) && !IsOfTheDisk(locked))
        {
            throw new StoreLockedException(path, locked);
        }
    }

    // In the lock's file, which stays: a container that is made anew has another name of its machine each time.
    private static string NameIn(FileStream held)
    {
        var text = new byte[Guid.Empty.ToString("n").Length];
        if (RandomAccess.Read(held.SafeFileHandle, text, 0) == text.Length && Guid.TryParseExact(Encoding.ASCII.GetString(text), "n", out var known))
        {
            return known.ToString("n");
        }

        var name = Guid.NewGuid().ToString("n");
        try
        {
            RandomAccess.Write(held.SafeFileHandle, Encoding.ASCII.GetBytes(name), 0);
        }
        catch (IOException)
        {
            // A full disk: it gets another name at the next start.
        }

        return name;
    }

    // Linux's and macOS's numbers of: an error of the device, too many files (of all, of this process), no room, read-only.
    private static bool IsOfTheDisk(IOException error) => !OperatingSystem.IsWindows() && error.HResult is 5 or 23 or 24 or 28 or 30;

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly)
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        }

        return file;
    }

    private static void Guarded(string path, Action work) => Guarded<object?>(path, () =>
    {
        work();
        return null;
    });

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreInaccessibleException(path, $"{error.Message} {AdviceOn(error)}", error);
        }
    }

    /// <summary>What to do about a file that cannot be made or written.</summary>
    public static string AdviceOn(Exception error) => error.HResult switch
    {
        28 when !OperatingSystem.IsWindows() => "Make room on its disk, or name another folder with --data.",
        30 when !OperatingSystem.IsWindows() => "Mount its file system for writing, or name another folder with --data.",
        _ => "Give the engine's user the right to write there, or name another folder with --data.",
    };
}
