using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Connections that each send a request, wait for its answer and send the next, over plain sockets.</summary>
internal static class ClosedLoop
{
    private static ReadOnlySpan<byte> Accepted => "HTTP/1.1 204"u8;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <summary>Loads the server for a while.</summary>
    public static async Task<LoadResult> RunAsync(int port, int connections, TimeSpan length)
    {
        var latencies = new Latencies();
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(port, started, length, latencies))));
        return new(counts.Sum(), Stopwatch.GetElapsedTime(started), latencies);
    }

    private static async Task<long> LoopAsync(int port, long started, TimeSpan length, Latencies latencies)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var request = new NoteRequest(Servers.Account, Servers.Secret);
        var answer = new byte[1024];
        var count = 0L;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            var sent = Stopwatch.GetTimestamp();
            for (var rest = request.Fresh(); !rest.IsEmpty;)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
            }

            await ReceiveAsync(socket, answer);
            latencies.Add(Stopwatch.GetElapsedTime(sent));
            count++;
        }

        return count;
    }

    private static async ValueTask ReceiveAsync(Socket socket, byte[] answer)
    {
        var length = 0;
        do
        {
            var received = await socket.ReceiveAsync(answer.AsMemory(length), SocketFlags.None);
            length += received > 0 ? received : throw new IOException("The server closed the connection.");
        }
        while (!answer.AsSpan(0, length).EndsWith(EndOfHead));

        if (!answer.AsSpan().StartsWith(Accepted))
        {
            throw new IOException($"The server did not accept: {System.Text.Encoding.UTF8.GetString(answer, 0, length)}");
        }
    }
}

/// <summary>What a round gave.</summary>
internal sealed record LoadResult(long Accepted, TimeSpan Elapsed, Latencies Latencies)
{
    public double PerSecond => Accepted / Elapsed.TotalSeconds;
}
