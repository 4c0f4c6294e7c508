using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Ports for programs that must be found again at the same address after a restart.</summary>
internal static class FreePort
{
    /// <summary>One on which nobody listens just now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
