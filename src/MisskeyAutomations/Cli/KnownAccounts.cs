using MisskeyAutomations.Accounts;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>The accounts of the configuration and those that were connected, for commands that only read. The configuration wins.</summary>
internal static class KnownAccounts
{
    /// <summary>Their names; null when the configuration has none and the store cannot be read.</summary>
    public static IReadOnlyList<string>? NamesOf(EngineSettings settings)
    {
        string[] configured = [.. settings.Accounts.Select(account => account.Name)];
        return Stored(settings) is { } stored ? [.. configured.Union(stored.Keys, StringComparer.Ordinal)]
            : configured.Length > 0 ? configured : null;
    }

    /// <summary>All of them whose secrets can be read.</summary>
    public static IReadOnlyList<Account> AllOf(EngineSettings settings) =>
        [.. settings.Accounts, .. ConnectedOf(settings).Select(known => known.Account?.At(TimeProvider.System.GetUtcNow())).OfType<Account>()];

    /// <summary>Those that were connected, by name; without the account where its secrets cannot be read.</summary>
    public static IReadOnlyList<(string Name, ConnectedAccount? Account)> ConnectedOf(EngineSettings settings)
    {
        var rows = (Stored(settings) ?? new Dictionary<string, byte[]>(StringComparer.Ordinal)).Where(row => settings.Accounts.All(account => account.Name != row.Key)).ToArray();
        if (rows.Length == 0)
        {
            return [];
        }

        // Whoever only looks makes no keys.
        var seal = Directory.Exists(settings.Keys) ? new AccountSeal(settings.Keys) : null;
        return [.. rows.Select(row => (row.Key, seal?.Open(row.Key, row.Value)))];
    }

    /// <summary>The accounts that their owner paused.</summary>
    public static IReadOnlySet<string> PausedOf(EngineSettings settings)
    {
        if (!RecordedStore.IsIn(settings.Data))
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }

        using var readers = RecordedStore.Open(settings.Data);
        return Settings.List(readers, Connecting.ConnectedAccounts.Paused).Keys.Select(key => key[Connecting.ConnectedAccounts.Paused.Length..]).ToHashSet(StringComparer.Ordinal);
    }

    // A store of an older version has no such table yet.
    private static IReadOnlyDictionary<string, byte[]>? Stored(EngineSettings settings)
    {
        if (!RecordedStore.IsIn(settings.Data))
        {
            return new Dictionary<string, byte[]>(StringComparer.Ordinal);
        }

        try
        {
            using var readers = RecordedStore.Open(settings.Data);
            return StoredAccounts.List(readers);
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or CommandFailure)
        {
            return null;
        }
    }
}
