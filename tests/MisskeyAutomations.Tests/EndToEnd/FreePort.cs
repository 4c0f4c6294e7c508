using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// Ports for programs that must be found again at the same address after a restart. They lie below those that systems give to outgoing
/// connections (from 32768 on): else anybody's could take one while its program is down.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int Last = Random.Shared.Next(Count);

    /// <summary>One on which nobody listens just now, and that this process has not given to anybody else.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref Last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
