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

    /// <summary>Whether only other settings help.</summary>
    public bool IsOfTheSettings { get; init; }
}

/// <summary>The store was moved to another database, where it may have gone on since.</summary>
internal sealed class StoreMovedException(string target, string notePath) : Exception(
    $"What is in this data directory was moved to the {target}. Write its connection string into `store`. If the move is to be as if it had never been, delete {notePath}: "
    + "whatever was done there since is then done again.")
{
    /// <summary>Where it is.</summary>
    public string Target { get; } = target;
}

/// <summary>The store must be brought up to date first.</summary>
internal sealed class StoreTooOldException(string path)
    : Exception($"{path} was written by an older version of this program. Start this version on it once, end it, and try again.");

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

/// <summary>The database's file is damaged, empty, or gone though an engine has worked with it. Nothing was changed.</summary>
internal sealed class StoreDamagedException(string path, string finding)
    : Exception($"The store is damaged: {path}: {finding}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Finding { get; } = finding;
}
