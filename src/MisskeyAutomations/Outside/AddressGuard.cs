using System.Net;
using System.Net.NetworkInformation;

namespace MisskeyAutomations.Outside;

/// <summary>Finds a host's addresses.</summary>
internal delegate Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);

/// <summary>
/// Says which addresses of a host may be called. All of them are looked at, and one that may not be called closes the host: a name that
/// leads to a public and to a private address is a trap. What it returns is what is connected to; the name is not looked up again.
/// </summary>
/// <param name="options">What the configuration opens.</param>
/// <param name="resolve">Finds addresses.</param>
/// <param name="ownPorts">The ports on which this program listens.</param>
internal sealed class AddressGuard(OutsideOptions options, Resolve resolve, Func<IReadOnlyCollection<int>> ownPorts)
{
    private const int FirstFreePort = 1024;

    /// <summary>The addresses to connect to, in the order in which they are tried.</summary>
    /// <exception cref="RefusedAddressException">The host may not be called.</exception>
    public async Task<IPEndPoint[]> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (options.IsClosed)
        {
            throw new RefusedAddressException("The sandbox calls nobody outside of this machine.");
        }

        var bare = host.Trim('[', ']');
        var addresses = IPAddress.TryParse(bare, out var literal) ? [literal] : await resolve(bare, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new RefusedAddressException($"{host} has no address.");
        }

        foreach (var address in addresses)
        {
            Check(bare, address, port);
        }

        return [.. addresses.Select(address => new IPEndPoint(address, port))];
    }

    private void Check(string host, IPAddress address, int port)
    {
        var where = host == address.ToString() ? host : $"{host} ({address})";
        if (AddressClass.Objection(address) is { } objection && !options.Allow.Any(target => target.Opens(host, address, port)))
        {
            throw new RefusedAddressException($"{where} is {objection}; rules call only public addresses. If it is meant, add '{host}' to http: allow: in the configuration.");
        }

        if (port is not (80 or 443 or >= FirstFreePort) && !options.Allow.Any(target => target.Names(host, address, port)))
        {
            throw new RefusedAddressException($"Port {port} of {where} belongs to another service than the web. If it is meant, add '{host}:{port}' to http: allow: in the configuration.");
        }

        if (ownPorts().Contains(port) && IsThisMachine(address))
        {
            throw new RefusedAddressException($"{where} at port {port} is this program itself; it does not call itself.");
        }
    }

    private static bool IsThisMachine(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any)
            || NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(plain));
    }
}

/// <summary>A host that may not be called; the message is a sentence that says why, and how it could be allowed.</summary>
internal sealed class RefusedAddressException(string message) : Exception(message);
