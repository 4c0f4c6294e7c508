using Microsoft.Extensions.Options;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>Registers the folder.</summary>
internal static class StorageServices
{
    /// <summary>
    /// The store, on SQLite or PostgreSQL. It is opened when it is first asked for, which the program does before anything else so that a store in use
    /// or out of reach ends it with a clear sentence; it is closed with the container.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StoreOptions> configure)
    {
        services.AddOptions<StoreOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => Store.Open(
            provider.GetRequiredService<IOptions<StoreOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IBlackBox>(provider => provider.GetRequiredService<Store>().BlackBox);
        services.AddSingleton<StoredInbox>();
        services.AddSingleton<IInbox>(provider => provider.GetRequiredService<StoredInbox>());
        services.AddSingleton<IRunStore, StoredRuns>();
        services.AddSingleton<Settings>();
        services.AddSingleton<StoredAccounts>();
        services.AddSingleton<StoredApiKeys>();
        services.AddSingleton<UncertainRuns>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<OrderedRuns>();
        services.AddSingleton<OnceMore>();
        services.AddSingleton(provider => provider.GetRequiredService<Store>().Readers);
        services.AddSingleton<EventQueries>();
        services.AddSingleton<EventPages>();
        services.AddSingleton<RunQueries>();
        services.AddSingleton<ILookupJournal, StoredLookups>();
        services.AddSingleton<RunPages>();
        services.AddSingleton<Activity>();
        services.AddSingleton<StoreHealth>();
        services.AddHostedService<StoreLookout>();
        services.AddSingleton<StoreFigures>();
        services.AddSingleton<BackupDesk>();
        services.AddSingleton<StoredAlerts>();
        services.AddHostedService<Upkeep>();
        services.AddHostedService<Retention>();
        services.AddSingleton<StoreCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreCheck>());
        return services;
    }

    /// <summary>Makes a backup each day, where that is asked for and the store is a file.</summary>
    public static IServiceCollection AddBackups(this IServiceCollection services, string databasePath, BackupOptions? backups) => backups is null ? services
        : services.AddSingleton(new StoreOptionsOfBackups(databasePath, backups))
            .AddSingleton<DailyBackups>()
            .AddHostedService(provider => provider.GetRequiredService<DailyBackups>());

    /// <summary>Keeps in touch with other engines, where the store is shared.</summary>
    public static IServiceCollection AddSharing(this IServiceCollection services) => services.AddHostedService<Heartbeat>();
}
