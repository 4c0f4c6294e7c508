using Microsoft.Extensions.Options;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>Looks through all of a large database beside the engine's work when its last use did not end in order. Damage ends the engine.</summary>
internal sealed partial class StoreCheck(Store store, IOptions<StoreOptions> options, IHostApplicationLifetime lifetime, ILogger<StoreCheck> logger) : BackgroundService
{
    /// <summary>What was found; null when nothing was.</summary>
    public StoreDamagedException? Damage { get; private set; }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => store.NeedsWholeCheck ? Task.Run(Look, stoppingToken) : Task.CompletedTask;

    private void Look()
    {
        var path = options.Value.DatabasePath;
        if (SqliteCopies.FindDamage(path) is not { } found)
        {
            LogWhole(path);
            return;
        }

        Damage = new(path, found);
        LogDamaged(path, found);
        lifetime.StopApplication();
    }

    [LoggerMessage(EventId = 2144, Level = LogLevel.Information, Message = "All of {Path} was looked through after an end that was not in order: it is whole")]
    private partial void LogWhole(string path);

    [LoggerMessage(EventId = 2145, Level = LogLevel.Critical, Message = "{Path} was found damaged and the engine ended: {Finding}")]
    private partial void LogDamaged(string path, string finding);
}
