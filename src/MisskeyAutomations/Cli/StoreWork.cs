using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Cli;

/// <summary>Work on the store's files by commands: what can go wrong there ends in a sentence.</summary>
internal static class StoreWork
{
    /// <exception cref="CommandFailure">It went wrong.</exception>
    public static T Do<T>(string data, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (StoreLockedException running)
        {
            throw new CommandFailure(ExitCodes.Locked, $"An engine runs on the data directory '{data}'. Stop it first: webhooks that come meanwhile are sent again.", running);
        }
        catch (StoreDamagedException damaged)
        {
            throw StartTrouble.OfDamage(damaged, data);
        }
        catch (StoreTooNewException newer)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"{newer.Message}", newer);
        }
        catch (Exception trouble) when (trouble is StoreInaccessibleException or StoreUnavailableException or SqliteTooOldException)
        {
            throw new CommandFailure(ExitCodes.Storage, $"{trouble.Message}", trouble);
        }
    }

    /// <inheritdoc cref="Do{T}(string, Func{T})"/>
    public static void Do(string data, Action work) => Do<object?>(data, () =>
    {
        work();
        return null;
    });

    /// <summary>Opens a store on which no engine works, to be disposed of.</summary>
    /// <exception cref="CommandFailure">One does, or it cannot be opened.</exception>
    public static Store OpenAlone(StoreOptions options) => Do(options.DataDirectory, () =>
    {
        var store = Store.Open(options, TimeProvider.System);
        if (!store.IsShared || !Nodes.IsAnotherAtWork(store.Readers, store.Lease, store.Time.GetUtcNow()))
        {
            return store;
        }

        store.Dispose();
        throw new CommandFailure(ExitCodes.Locked, $"Another engine was at work on the database within the last half a minute. Stop all of them, wait half a minute, and give the command again.");
    });

    /// <summary>The options of a store that is a file.</summary>
    /// <exception cref="CommandFailure">It is PostgreSQL.</exception>
    public static StoreOptions FileOf(string data) => EngineSettings.ReadStore() is null ? new() { DataDirectory = data }
        : throw new CommandFailure(ExitCodes.Usage,
            $"The store is in PostgreSQL, which is copied by pg_dump and put back by pg_restore. Say `restore --after-pg-restore` then, before an engine starts.");
}
