using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// The way of one engine to its database. It can fall silent, as behind a switch that is unplugged: nobody is told, bytes are swallowed. Or it
/// breaks at the next commit.
/// </summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _port;
    private readonly Task _accepting;
    private volatile Way _way = new();
    private volatile Cut _cut;

    /// <param name="port">Where it leads.</param>
    public CutProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What the server says about its version at the beginning, such as <c>14.</c>, as long as what it would say; null: the truth.</summary>
    public string? Version { get; init; }

    /// <summary>The port before it.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The connections that are open fall silent for ever; new ones get through.</summary>
    public void Silence() => Interlocked.Exchange(ref _way, new()).IsSilent = true;

    /// <summary>Nothing gets through any more, until <see cref="Open"/>.</summary>
    public void Close()
    {
        var closed = new Way { IsSilent = true };
        Interlocked.Exchange(ref _way, closed).IsSilent = true;
    }

    /// <summary>New connections get through again.</summary>
    public void Open() => _way = new();

    /// <summary>The connection that commits next breaks before the commit gets there, or before its answer comes back.</summary>
    public void BreakAtCommit(bool getsThere) => _cut = getsThere ? Cut.AfterCommit : Cut.BeforeCommit;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                carried.Add(CarryAsync(await _listener.AcceptSocketAsync(_ending.Token), _way));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket near, Way way)
    {
        using var _ = near;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _port, _ending.Token);
            await Task.WhenAny(PassAsync(near, far, way, isAsked: true), PassAsync(far, near, way, isAsked: false));
            if (way.IsSilent)
            {
                // Neither end hears of the other's end.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ending.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The other end is closed with this one.
        }
    }

    private async Task PassAsync(Socket from, Socket to, Way way, bool isAsked)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _ending.Token) is > 0 and var length)
        {
            if (isAsked && _cut != Cut.None && buffer.AsSpan(0, length).IndexOf(Commit) >= 0)
            {
                var cut = _cut;
                _cut = Cut.None;
                if (cut == Cut.BeforeCommit)
                {
                    return;
                }

                way.BreaksAtAnswer = to;
            }

            if (way.BreaksAtAnswer == from)
            {
                way.BreaksAtAnswer = null;
                return;
            }

            if (!isAsked && Version is { } version && buffer.AsSpan(0, length).IndexOf(VersionName) is >= 0 and var at)
            {
                System.Text.Encoding.ASCII.GetBytes(version, buffer.AsSpan(at + VersionName.Length));
            }

            if (!way.IsSilent)
            {
                await to.SendAsync(buffer.AsMemory(0, length), _ending.Token);
            }
        }
    }

    private enum Cut
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    private static ReadOnlySpan<byte> VersionName => "server_version\0"u8;

    private static ReadOnlySpan<byte> Commit => "update nodes set commits"u8;

    private sealed class Way
    {
        /// <summary>Whose next bytes are the answer to the commit.</summary>
        public Socket? BreaksAtAnswer { get; set; }

        private volatile bool _isSilent;

        public bool IsSilent
        {
            get => _isSilent;
            set => _isSilent = value;
        }
    }
}
