using System.Net;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Misskey;

/// <summary>Finds the addresses of a server's name.</summary>
internal delegate Task<IPAddress[]> FindAddresses(string host, CancellationToken cancellationToken);

/// <summary>Connects to servers, to the first of their addresses that takes it. The name is looked up anew for each connection: a server that moved is found.</summary>
internal sealed class ServerSockets(FindAddresses find)
{
    /// <summary>Opens a connection.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var targets = (await FindAsync(host, cancellationToken)).Select(address => new IPEndPoint(address, port));
        return await Dialing.ToFirstAsync(targets, Dialing.OpenAsync, cancellationToken);
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
}

/// <summary>The name of a server was looked up, and no answer came in time.</summary>
internal sealed class SilentNameServerException() : Exception("The name server did not answer in time.");
