using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>A request as it came over the wire.</summary>
internal sealed record RawRequest(string Head, byte[] Body)
{
    public string Path => Head.Split(' ')[1];

    public string BodyText => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).SingleOrDefault();
}

/// <summary>What a <see cref="RawServer"/> does with a request.</summary>
internal delegate Task Behaviour(RawRequest request, Socket client);

/// <summary>A server of sockets and bytes: it can do to a client what no web framework lets one do.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<RawRequest> _requests = [];
    private readonly Task _accepting;
    private Behaviour _behaviour;

    private RawServer(Behaviour behaviour)
    {
        _behaviour = behaviour;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}");

    public IReadOnlyList<RawRequest> Requests => [.. _requests];

    public IEnumerable<string> Paths => _requests.Select(request => request.Path);

    public int Connections { get; private set; }

    public static RawServer Start(Behaviour behaviour) => new(behaviour);

    public void Behave(Behaviour behaviour) => _behaviour = behaviour;

    /// <summary>Answers with JSON.</summary>
    public static Behaviour Json(int status, string json, params string[] headers) => Answer(status, json, ["Content-Type: application/json; charset=utf-8", .. headers]);

    /// <summary>Answers in full.</summary>
    public static Behaviour Answer(int status, string body, params string[] headers) => (_, client) => SendAsync(client,
        $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}");

    /// <summary>Sends these characters and closes.</summary>
    public static Behaviour Broken(string text) => async (_, client) =>
    {
        await SendAsync(client, text);
        client.Close();
    };

    /// <summary>Resets the connection after the request was read.</summary>
    public static Behaviour Reset { get; } = (_, client) =>
    {
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();
        return Task.CompletedTask;
    };

    /// <summary>Answers by path; without the leading <c>/api/</c>.</summary>
    public static Behaviour ByPath(Func<string, Behaviour> choose) => (request, client) => choose(request.Path["/api/".Length..])(request, client);

    /// <summary>Reads the request and never answers; tells when it has read it.</summary>
    public static Behaviour Silence(TaskCompletionSource hasRead) => (_, _) =>
    {
        hasRead.TrySetResult();
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Close();
        await _accepting;
        _end.Dispose();
    }

    private static async Task SendAsync(Socket client, string text) => await client.SendAsync(Encoding.UTF8.GetBytes(text));

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_end.Token);
                Connections++;
                _ = ServeAsync(client);
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                while (await ReadAsync(client) is { } request)
                {
                    _requests.Enqueue(request);
                    await _behaviour(request, client).WaitAsync(_end.Token);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task<RawRequest?> ReadAsync(Socket client)
    {
        var bytes = new List<byte>();
        var chunk = new byte[64 * 1024];
        while (true)
        {
            var end = bytes.Count < 4 ? -1 : System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var request = new RawRequest(Encoding.ASCII.GetString(bytes.GetRange(0, end).ToArray()), []);
                var length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
                if (bytes.Count >= end + 4 + length)
                {
                    return request with { Body = [.. bytes.GetRange(end + 4, length)] };
                }
            }

            var count = await client.ReceiveAsync(chunk, _end.Token);
            if (count == 0)
            {
                return null;
            }

            bytes.AddRange(chunk.AsSpan(0, count));
        }
    }
}
