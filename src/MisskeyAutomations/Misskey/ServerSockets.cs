using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Misskey;

/// <summary>Finds the addresses of a server's name.</summary>
internal delegate Task<IPAddress[]> FindAddresses(string host, CancellationToken cancellationToken);

/// <summary>Connects to servers, to the first of their addresses that takes it. The name is looked up anew for each connection: a server that moved is found.</summary>
internal sealed class ServerSockets(FindAddresses find)
{
    /// <summary>Opens a connection.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var address in await FindAsync(context.DnsEndPoint.Host, cancellationToken))
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
            }
            catch (SocketException trouble)
            {
                last = trouble;
            }
        }

        throw last ?? new SocketException((int)SocketError.NoData);
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        try
        {
            // A look-up that has begun cannot be ended: it is left to itself.
            return await find(host, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new SilentNameServerException();
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
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

/// <summary>The name of a server was looked up, and no answer came in time.</summary>
internal sealed class SilentNameServerException() : Exception("The name server did not answer in time.");
