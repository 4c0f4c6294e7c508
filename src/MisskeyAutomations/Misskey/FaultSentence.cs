using System.Net.Sockets;
using System.Security.Authentication;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Sockets;
using Polly;

namespace MisskeyAutomations.Misskey;

/// <summary>Says in plain words why there is no answer. Says nothing that could hold a token or a text.</summary>
internal static class FaultSentence
{
    /// <summary>What is said of a certificate that its owner made himself, or whose issuer nobody here knows.</summary>
    public const string UnknownIssuer = "The server's certificate is not trusted on this machine.";

    /// <summary>What is said of a certificate that is another server's.</summary>
    public const string OtherName = "The server's certificate is for another name.";

    /// <summary>What is said of a certificate that has run out, or begins later.</summary>
    public const string OutOfTime = "The server's certificate has run out, or is not valid yet.";

    /// <summary>What is said where both ends do not agree on TLS, or one speaks none.</summary>
    public const string NoTls = "The server speaks no TLS there, or none that is accepted.";

    /// <summary>The sentence for a fault of the transport.</summary>
    public static Phrase Of(Exception fault, bool hasBegun)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (Of(cause) is { } sentence)
            {
                return sentence;
            }
        }

        return hasBegun ? Phrase.Of("The server did not answer in time.") : Phrase.Of("No connection to the server came about in time.");
    }

    private static Phrase? Of(Exception cause) => cause switch
    {
        UntrustedCertificateException { Fault: CertificateFault.UnknownIssuer } => UnknownIssuer,
        UntrustedCertificateException { Fault: CertificateFault.OtherName } => OtherName,
        UntrustedCertificateException { Fault: CertificateFault.OutOfTime } => OutOfTime,
        ExecutionRejectedException => "The server failed several times in a row; it is left alone for a while.",
        SilentNameServerException => "The name server (DNS) did not answer in time.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "The name server (DNS) knows no server of this name: see whether it is spelt right.",
        SocketException { SocketErrorCode: SocketError.TryAgain } => "The name server (DNS) could not look the server's name up for now.",
        SocketException { SocketErrorCode: SocketError.NoRecovery } => "The name server (DNS) refused to look the server's name up.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError, InnerException: not SocketException } => "The server's name cannot be resolved.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: not UntrustedCertificateException } or AuthenticationException => NoTls,
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            "The server closed the connection without an answer.",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "The server's answer is not HTTP.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "The server refuses the connection.",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "The connection was reset.",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "No connection to the server came about in time.",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "The server cannot be reached.",
        SocketException { SocketErrorCode: SocketError.OperationAborted } => null, // We gave up ourselves.
        SocketException socket => Phrase.Of($"The connection failed ({socket.SocketErrorCode})."),
        _ => null,
    };
}
