using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MisskeyAutomations.Sockets;

/// <summary>The certificate of the other end is not accepted.</summary>
/// <param name="fault">Why not.</param>
internal sealed class UntrustedCertificateException(CertificateFault fault) : Exception($"The certificate is not accepted ({fault}).")
{
    /// <summary>Why not.</summary>
    public CertificateFault Fault { get; } = fault;

    /// <summary>Accepts what the system accepts, and nothing else: all that is ours is to say why not.</summary>
    /// <exception cref="UntrustedCertificateException">It is not accepted.</exception>
    public static bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new UntrustedCertificateException(FaultOf(chain, errors));

    private static CertificateFault FaultOf(X509Chain? chain, SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? CertificateFault.OtherName
        : chain?.ChainStatus is { Length: > 0 } found && found.All(status => status.Status == X509ChainStatusFlags.NotTimeValid) ? CertificateFault.OutOfTime
        : CertificateFault.UnknownIssuer;
}

/// <summary>Why a certificate is not accepted.</summary>
internal enum CertificateFault
{
    /// <summary>Its owner made it himself, or its issuer is not known on this machine.</summary>
    UnknownIssuer,

    /// <summary>It is another server's.</summary>
    OtherName,

    /// <summary>It has run out, or begins later.</summary>
    OutOfTime,
}
