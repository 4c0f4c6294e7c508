using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MisskeyAutomations.Connecting;

/// <summary>A server as people write it, and the person on it where one was named.</summary>
/// <param name="Origin">The server's origin; a name in another script is written as name servers know it (<c>xn--…</c>).</param>
/// <param name="Username">Of <c>@alice@misskey.example</c>: <c>alice</c>; null where nobody was named.</param>
internal sealed record ServerAddress(Uri Origin, string? Username)
{
    /// <summary>
    /// Reads <c>misskey.example</c>, <c>https://misskey.example/@alice</c>, <c>@alice@misskey.example</c> and their like, with whatever blanks, path or
    /// full-width signs came along.
    /// </summary>
    /// <exception cref="ConnectingException">It is no server; the sentence says what to write.</exception>
    public static ServerAddress Read(string text)
    {
        var plain = text.Trim().Normalize(NormalizationForm.FormKC).Replace('。', '.');
        if (plain.Length == 0)
        {
            throw new ConnectingException($"No server is named. Write it like misskey.example.");
        }

        var (host, username) = Part(plain);
        var whole = host.Contains("://", StringComparison.Ordinal) ? host
            : !host.StartsWith('[') && IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"https://[{host}]" : $"https://{host}";
        Uri? uri = null;
        if (whole[0] != '/' && Uri.TryCreate(whole, UriKind.Absolute, out uri) && (uri.UserInfo.Length > 0 || username?.All(IsOfNames) is false))
        {
            // What was written may be a password: it is not shown again.
            throw new ConnectingException($"More than a name stands before {uri.Host}. Write the server alone: you sign in to it in the browser.");
        }

        if (uri is null || uri.Scheme is not ("https" or "http") || uri.HostNameType is UriHostNameType.Basic or UriHostNameType.Unknown || uri.Port is 0)
        {
            throw new ConnectingException($"'{text}' is no server. Write it like misskey.example.");
        }

        // A name without a dot is one of this network, such as that of a container.
        var isNearby = uri.IsLoopback || (uri.HostNameType is UriHostNameType.Dns && !uri.Host.Contains('.', StringComparison.Ordinal));
        return uri.Scheme == "https" || isNearby
            ? new(new Uri(new UriBuilder(uri.Scheme, uri.IdnHost.TrimEnd('.'), uri.Port).Uri.GetLeftPart(UriPartial.Authority)), username)
            : throw new ConnectingException($"http:// would send the token in clear. Write https://{uri.Authority}.");
    }

    // An address of a person, as Misskey shows it, names the server behind its last @.
    private static (string Host, string? Username) Part(string text)
    {
        var person = text.StartsWith("acct:", StringComparison.OrdinalIgnoreCase) ? text["acct:".Length..] : text;
        var at = person.LastIndexOf('@');
        if (at < 0 || person.Contains('/', StringComparison.Ordinal))
        {
            return (text, null);
        }

        var (username, host) = (person[..at].TrimStart('@'), person[(at + 1)..]);
        return username.Length > 0 && host.Length > 0 ? (host, username)
            : throw new ConnectingException($"'{text}' names a person, and no server. Write the server on which the account lives, like misskey.example.");
    }

    private static bool IsOfNames(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-' or '.';
}
