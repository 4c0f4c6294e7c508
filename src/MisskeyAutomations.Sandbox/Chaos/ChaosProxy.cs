using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>
/// A proxy on loopback between two that speak HTTP/1.1, which does to requests and answers what the network, proxies and servers in trouble
/// do. It listens before <see cref="Start"/> returns.
/// </summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly Func<int, string, Trouble?> _choose;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _open = [];
    private readonly ConcurrentQueue<ChaosExchange> _exchanges = [];
    private readonly Task _accepting;
    private int _count = -1;

    private ChaosProxy(Uri target, Func<int, string, Trouble?> choose, TimeProvider time)
    {
        _target = target;
        _choose = choose;
        _time = time;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        _accepting = AcceptAsync();
    }

    /// <summary>Raised when it is known what an exchange meets, before it does; on the thread that serves it.</summary>
    public event Action<ChaosExchange>? Chosen;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Url { get; }

    /// <summary>What it took so far, in order of arrival.</summary>
    public IReadOnlyList<ChaosExchange> Exchanges => [.. _exchanges];

    /// <summary>Starts one.</summary>
    /// <param name="target">Where requests are passed on to: http on this machine.</param>
    /// <param name="choose">What a request meets, by its number and path, such as <see cref="ChaosPlan.Choose"/>; null spares it. Asked at once by several.</param>
    /// <param name="time">The clock of delays.</param>
    public static ChaosProxy Start(Uri target, Func<int, string, Trouble?> choose, TimeProvider time) => new(target, choose, time);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_open.Keys);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                var serving = ServeAsync(client);
                _open[serving] = true;
                _ = serving.ContinueWith(over => _open.TryRemove(over, out _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var near = new NetworkStream(client, ownsSocket: true);
        client.NoDelay = true;
        try
        {
            while (await HttpMessage.ReadAsync(near, _end.Token) is { } request)
            {
                var number = Interlocked.Increment(ref _count);
                var exchange = new ChaosExchange(number, request.Second, _choose(number, request.Second));
                _exchanges.Enqueue(exchange);
                Chosen?.Invoke(exchange);
                var ending = await new TroubledExchange(_target, near, request, _time).ServeAsync(exchange.Trouble, _end.Token);
                if (ending == Ending.Reset)
                {
                    client.LingerState = new LingerOption(enable: true, seconds: 0);
                }
                if (ending != Ending.Stay)
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException or OperationCanceledException or FormatException)
        {
            // Either side left, what came was no HTTP, or this proxy is disposed of.
        }
    }
}
