using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Sockets;

/// <summary>Connects to an address.</summary>
internal delegate Task<Stream> Connect(IPEndPoint target, CancellationToken cancellationToken);

/// <summary>Opens connections to addresses. Whoever calls says which: no name is looked up here.</summary>
internal static class Dialing
{
    /// <summary>Connects to the first of these addresses that takes it.</summary>
    /// <exception cref="SocketException">None does; what the last one said.</exception>
    public static async ValueTask<Stream> ToFirstAsync(IEnumerable<IPEndPoint> targets, Connect connect, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var target in targets)
        {
            try
            {
                return await connect(target, cancellationToken);
            }
            catch (SocketException trouble)
            {
                last = trouble;
            }
        }

        throw last ?? new SocketException((int)SocketError.NoData);
    }

    /// <summary>Connects to an address.</summary>
    public static async Task<Stream> OpenAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
