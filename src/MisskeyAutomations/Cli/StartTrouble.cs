using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>Turns what can go wrong at the start into a sentence that says what to do.</summary>
internal static class StartTrouble
{
    /// <summary>The failure to be shown; null for what is no expected trouble.</summary>
    public static CommandFailure? Explain(Exception trouble, EngineSettings settings) => Explain(trouble, settings.Data) ?? trouble switch
    {
        IOException { InnerException: AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } => new(ExitCodes.Temporary,
            $"Something else listens on {settings.Urls} already. Stop it, or name another address with --urls.", trouble),
        SocketException or IOException { InnerException: SocketException } => new(ExitCodes.Configuration,
            $"It is not possible to listen on {settings.Urls}: {trouble.GetBaseException().Message}. Name another address with --urls.", trouble),
        _ => null,
    };

    /// <summary>The failure to be shown for what keeps a store from being opened; null for what is no expected trouble.</summary>
    /// <param name="trouble">What was thrown.</param>
    /// <param name="data">The data directory.</param>
    public static CommandFailure? Explain(Exception trouble, string data) => trouble switch
    {
        CommandFailure failure => failure,
        StoreLockedException => new(ExitCodes.Locked,
            $"Another engine runs on the data directory '{data}'. Stop it, or name another directory with --data.", trouble),
        StoreMovedException or StoreInaccessibleException { IsOfTheSettings: true } => new(ExitCodes.Configuration, $"{trouble.Message}", trouble),
        StoreDamagedException damaged => OfDamage(damaged, data),
        StoreTooNewException => new(ExitCodes.Configuration, $"{trouble.Message}", trouble),
        StoreInaccessibleException or StoreTooOldException or SqliteTooOldException => new(ExitCodes.Storage, $"{trouble.Message}", trouble),
        StoreUnavailableException => new(ExitCodes.Storage, $"The store in '{data}' cannot be written: {trouble.Message}", trouble),
        _ => null,
    };

    /// <summary>What to do about a damaged store.</summary>
    public static CommandFailure OfDamage(StoreDamagedException damaged, string data) => new(
        ExitCodes.Storage,
        $"The store is damaged and was left as it is: {damaged.Path}: {damaged.Finding}. There are three ways on. `restore {RestoreCommand.Newest(data) ?? "FILE"}` puts a backup in its place; `repair` saves what can be read into a new database; `run --accept-data-loss` sets it aside and begins with an empty one.",
        damaged);
}
