using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>Certificates as servers show them.</summary>
internal static class Certificates
{
    /// <summary>One that its owner made himself, good from the beginning of a year to that of another.</summary>
    public static X509Certificate2 SelfSigned(string name, int since, int until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Request(name, key).CreateSelfSigned(Year(since), Year(until));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>An authority that nobody knows until it is told of, in PEM.</summary>
    public static (X509Certificate2 Authority, string Pem) Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("authority.example", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var made = request.CreateSelfSigned(Year(1970), Year(2100));
        return (X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null), made.ExportCertificatePem());
    }

    /// <summary>One that an authority made.</summary>
    public static X509Certificate2 Issued(X509Certificate2 authority, string name, int since, int until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Request(name, key).Create(authority, Year(since), Year(until), [1]);
        using var made = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
