using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A wire to a server that can fall dead: connections of until then stay open and carry nothing any more; later ones are well.</summary>
internal sealed class DeadLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private CancellationTokenSource _dying = new();

    public DeadLine(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public void Die() => Interlocked.Exchange(ref _dying, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
        _dying.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_ending.Token);
            _ = CarryAsync(client, _dying.Token);
        }
    }

    private async Task CarryAsync(TcpClient client, CancellationToken dead)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host, _server.Port, _ending.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(dead, _ending.Token);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream(), either.Token), server.GetStream().CopyToAsync(client.GetStream(), either.Token));
            if (dead.IsCancellationRequested)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
