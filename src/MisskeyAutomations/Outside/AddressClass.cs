using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Outside;

/// <summary>
/// Which addresses are everybody's and which are somebody's own, by the registries of special-purpose addresses
/// (<see href="https://www.iana.org/assignments/iana-ipv4-special-registry"/>, <see href="https://www.iana.org/assignments/iana-ipv6-special-registry"/>).
/// </summary>
internal static class AddressClass
{
    private static readonly (IPNetwork Network, string Name)[] Special4 =
    [
        Row("0.0.0.0/8", "an address of this network itself"),
        Row("10.0.0.0/8", "a private address"),
        Row("100.64.0.0/10", "an address of a provider's inner network"),
        Row("127.0.0.0/8", "this machine"),
        Row("169.254.0.0/16", "a link-local address, such as a cloud's metadata"),
        Row("172.16.0.0/12", "a private address"),
        Row("192.0.0.0/24", "an address reserved for protocols"),
        Row("192.0.2.0/24", "an address for documentation"),
        Row("192.88.99.0/24", "a relay between IPv4 and IPv6"),
        Row("192.168.0.0/16", "a private address"),
        Row("198.18.0.0/15", "an address for benchmarks"),
        Row("198.51.100.0/24", "an address for documentation"),
        Row("203.0.113.0/24", "an address for documentation"),
        Row("224.0.0.0/4", "a multicast address"),
        Row("240.0.0.0/4", "a reserved address"),
    ];

    private static readonly (IPNetwork Network, string Name)[] Special6 =
    [
        Row("::/128", "no address"),
        Row("::1/128", "this machine"),
        Row("::/96", "an IPv4 address inside an IPv6 one"),
        Row("64:ff9b::/96", "an IPv4 address inside an IPv6 one"),
        Row("64:ff9b:1::/48", "an IPv4 address inside an IPv6 one"),
        Row("100::/64", "an address that leads nowhere"),
        Row("2001::/32", "an IPv4 address inside an IPv6 one"),
        Row("2001::/23", "an address reserved for protocols"),
        Row("2001:db8::/32", "an address for documentation"),
        Row("2002::/16", "an IPv4 address inside an IPv6 one"),
        Row("3fff::/20", "an address for documentation"),
        Row("5f00::/16", "an address inside somebody's network"),
        Row("fc00::/7", "a private address"),
        Row("fe80::/10", "a link-local address"),
        Row("fec0::/10", "a private address"),
        Row("ff00::/8", "a multicast address"),
    ];

    // All that IPv6 has given out for everybody so far.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>What keeps an address from being called, in a few words; null for one that is everybody's.</summary>
    public static string? Objection(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Objection(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            return "a link-local address";
        }

        var table = address.AddressFamily == AddressFamily.InterNetwork ? Special4 : Special6;
        return Array.Find(table, row => row.Network.Contains(address)) is { Name: { } name } ? name
            : address.AddressFamily == AddressFamily.InterNetworkV6 && !Global6.Contains(address) ? "an address that nobody was given"
            : null;
    }

    private static (IPNetwork Network, string Name) Row(string network, string name) => (IPNetwork.Parse(network), name);
}
