using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>What an engine has recorded, for commands that only read: they take no lock, and the engine may be running.</summary>
internal static class RecordedStore
{
    /// <summary>Whether there is a database in a data directory.</summary>
    public static bool IsIn(string data) => File.Exists(PathIn(data));

    /// <summary>The database in a data directory, to be disposed of.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static StoreReaders Open(string data) => IsIn(data) ? StoreReaders.OpenBeside(PathIn(data))
        : throw new CommandFailure(ExitCodes.Storage, $"There is no database in the data directory '{data}'. Name the engine's directory with --data.");

    private static string PathIn(string data) => new StoreOptions { DataDirectory = data }.DatabasePath;
}
