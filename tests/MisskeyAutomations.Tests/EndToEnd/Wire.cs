using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A way to a server that can be cut: connections are refused then, as by a machine on which nothing listens.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly ConcurrentBag<TcpClient> _open = [];
    private TcpListener _listener;
    private Task _accepting;

    public Wire(Uri target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync(_listener);
    }

    public Uri Url { get; }

    public void Cut()
    {
        _listener.Stop();
        while (_open.TryTake(out var client))
        {
            client.Dispose();
        }
    }

    public void Mend()
    {
        _listener = new TcpListener(IPAddress.Loopback, Url.Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        using var far = new TcpClient();
        _open.Add(near);
        _open.Add(far);
        try
        {
            await far.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception cut) when (cut is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Either side left.
        }
        finally
        {
            near.Dispose();
        }
    }
}
