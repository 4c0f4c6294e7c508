using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Outside;

/// <summary>
/// A machine that the configuration opens: <c>192.168.1.10</c>, <c>10.1.0.0/16</c> or <c>hooks.example.internal</c>, each with
/// <c>:PORT</c> for that port alone.
/// </summary>
internal sealed partial class AllowedTarget
{
    private IPNetwork? _network;
    private string? _host;
    private int? _port;

    private AllowedTarget()
    {
    }

    /// <summary>Null when it is none.</summary>
    public static AllowedTarget? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var target = new AllowedTarget();
        if (match.Groups["port"] is { Success: true, Value: var digits })
        {
            var port = int.Parse(digits, CultureInfo.InvariantCulture);
            target._port = port;
            if (port is 0 or > IPEndPoint.MaxPort)
            {
                return null;
            }
        }

        var place = match.Groups["place"].Value.Trim('[', ']');
        if (IPNetwork.TryParse(place, out var network))
        {
            target._network = network;
            return target;
        }

        if (IPAddress.TryParse(place, out var address))
        {
            // 127.1 and 0x7f000001 are addresses too; what is opened is written so that everybody sees what it is.
            target._network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return address.ToString().Equals(place, StringComparison.OrdinalIgnoreCase) ? target : null;
        }

        target._host = place.TrimEnd('.');
        return Name().IsMatch(place) ? target : null;
    }

    /// <summary>Whether it opens this address of this host.</summary>
    public bool Opens(string host, IPAddress address, int port) =>
        (_port is null || _port == port)
        && (_network is { } network
            ? network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            : string.Equals(_host, host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it names this port.</summary>
    public bool Names(string host, IPAddress address, int port) => _port is not null && Opens(host, address, port);

    [GeneratedRegex(@"^(?<place>\[[0-9A-Fa-f:.]+\](/[0-9]{1,3})?|[^:\s/]+(/[0-9]{1,3})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/[0-9]{1,3})?)(:(?<port>[0-9]{1,5}))?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
