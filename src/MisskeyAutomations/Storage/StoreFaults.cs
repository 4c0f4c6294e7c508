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

/// <summary>The database's file is damaged, empty, or gone though an engine has worked with it. Nothing was changed.</summary>
internal sealed class StoreDamagedException(string path, string finding)
    : Exception($"The store is damaged: {path}: {finding}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Finding { get; } = finding;
}
