using System.Net.Sockets;
using System.Security.Authentication;
using Polly;

namespace MisskeyAutomations.Misskey;

/// <summary>Says in plain words why there is no answer. Says nothing that could hold a token or a text.</summary>
internal static class FaultSentence
{
    /// <summary>What is said where TLS failed.</summary>
    public const string Tls = "The server's TLS certificate or protocol is not accepted.";

    /// <summary>The sentence for a fault of the transport.</summary>
    public static string Of(Exception fault, bool hasBegun)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (Of(cause) is { } sentence)
            {
                return sentence;
            }
        }

        return hasBegun ? "The server did not answer in time." : "No connection to the server came about in time.";
    }

    private static string? Of(Exception cause) => cause switch
    {
        ExecutionRejectedException => "The server failed several times in a row; it is left alone for a while.",
        SilentNameServerException => "The name server (DNS) did not answer in time.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "The name server (DNS) knows no server of this name: see whether it is spelt right.",
        SocketException { SocketErrorCode: SocketError.TryAgain } => "The name server (DNS) could not look the server's name up for now.",
        SocketException { SocketErrorCode: SocketError.NoRecovery } => "The name server (DNS) refused to look the server's name up.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError, InnerException: not SocketException } => "The server's name cannot be resolved.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException => Tls,
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            "The server closed the connection without an answer.",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "The server's answer is not HTTP.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "The server refuses the connection.",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "The connection was reset.",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "No connection to the server came about in time.",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "The server cannot be reached.",
        SocketException { SocketErrorCode: SocketError.OperationAborted } => null, // We gave up ourselves.
        SocketException socket => $"The connection failed ({socket.SocketErrorCode}).",
        _ => null,
    };
}
