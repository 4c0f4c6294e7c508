using System.Net.Sockets;
using Npgsql;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>Why PostgreSQL cannot be used, and what to do about it: a sentence for each cause that a person can mend. None shows a password.</summary>
/// <param name="connection">How it is reached.</param>
internal sealed class PostgresTrouble(NpgsqlConnectionStringBuilder connection)
{
    private string At => $"{connection.Host}:{connection.Port}";

    private string User => connection.Username ?? Environment.UserName;

    /// <summary>Whether only other settings help, of this program or of the server: trying again does not.</summary>
    public static bool IsOfTheSettings(Exception error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName
    } || LacksPassword(error);

    /// <summary>The sentence; what nothing is known about keeps the server's own words.</summary>
    public string SentenceOf(Exception error) => error switch
    {
        PostgresException refused => SentenceOf(refused),
        _ when LacksPassword(error) => $"the server asks the user {User} for a password. Write Password=… or Passfile=… into the connection string.",
        _ when error.GetBaseException() is SocketException socket => SentenceOf(socket),
        _ when error.GetBaseException() is TimeoutException => $"{At} does not answer. Is that the right Host and Port, and does a firewall let connections through?",
        _ => error.Message,
    };

    private string SentenceOf(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => $"the server refuses the password of the user {User}. Correct Password or Passfile in the connection string.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"the server does not let the user {User} in: {refused.MessageText}. Correct Username in the connection string, or allow it in the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"there is no such database. Make it: create database {connection.Database} owner {User}",
        PostgresErrorCodes.InvalidSchemaName =>
            $"no schema of the search path '{connection.SearchPath ?? "\"$user\", public"}' is there for the user {User}. Make one: create schema automations authorization {User} (and write Search Path=automations)",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"the user {User} may not make or use its tables: {refused.MessageText}. Let it own the database: alter database {connection.Database} owner to {User}",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "it only reads, as a standby does. Name the primary as Host; with several hosts, add Target Session Attributes=primary.",
        PostgresErrorCodes.CannotConnectNow => $"the server is not ready: {refused.MessageText}. Try again in a moment.",
        PostgresErrorCodes.TooManyConnections => "the server has no connection left. An engine takes up to ten: raise max_connections there, or end what else is connected.",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => "something else keeps the store locked, such as `migrate-store`. Try again when it is done.",
        _ => refused.MessageText,
    };

    private string SentenceOf(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"the host {connection.Host} is not found. Correct Host in the connection string.",
        SocketError.ConnectionRefused => $"nothing listens at {At}. Start PostgreSQL there, or correct Host and Port in the connection string.",
        _ => $"{At} cannot be reached: {socket.Message}",
    };

    private static bool LacksPassword(Exception error) => error is NpgsqlException && error.Message.Contains("No password has been provided", StringComparison.Ordinal);
}
