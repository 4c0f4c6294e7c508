using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Cli;

/// <summary>What an engine has recorded, for commands that only read: they take no lock, and the engine may be running.</summary>
internal static class RecordedStore
{
    /// <summary>Whether there is one to read: a database in the data directory, or one that the settings name.</summary>
    public static bool IsIn(string data) => IsThere(OptionsOf(data));

    /// <summary>The database that the settings name, or the one in a data directory; to be disposed of.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static StoreReaders Open(string data)
    {
        try
        {
            var options = OptionsOf(data);
            MoveNote.Refuse(options);
            return IsThere(options) ? new StoreReaders(Store.DatabaseOf(options))
                : throw new CommandFailure(ExitCodes.Storage, $"There is no database in the data directory '{data}'. Name the engine's directory with --data.");
        }
        catch (StoreMovedException moved)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"{moved.Message}", moved);
        }
        catch (StoreInaccessibleException wrong)
        {
            throw new CommandFailure(wrong.IsOfTheSettings ? ExitCodes.Configuration : ExitCodes.Storage, $"{wrong.Message}", wrong);
        }
    }

    private static StoreOptions OptionsOf(string data) => new() { DataDirectory = data, Postgres = EngineSettings.ReadStore() };

    private static bool IsThere(StoreOptions options) => options.Postgres is not null || File.Exists(options.DatabasePath);
}
