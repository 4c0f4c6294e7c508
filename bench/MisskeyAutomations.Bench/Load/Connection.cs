using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Bench.Load;

/// <summary>A keep-alive connection that has one request under way at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[1024];

    private static ReadOnlySpan<byte> Accepted => "HTTP/1.1 204"u8;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    public static async Task<Connection> OpenAsync(int port)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="IOException">The answer is not 204.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        for (var rest = request; !rest.IsEmpty;)
        {
            rest = rest[await _socket.SendAsync(rest, SocketFlags.None)..];
        }

        var length = 0;
        do
        {
            var received = await _socket.ReceiveAsync(_answer.AsMemory(length), SocketFlags.None);
            length += received > 0 ? received : throw new IOException("The server closed the connection.");
        }
        while (!_answer.AsSpan(0, length).EndsWith(EndOfHead));

        if (!_answer.AsSpan().StartsWith(Accepted))
        {
            throw new IOException($"The server did not accept: {System.Text.Encoding.UTF8.GetString(_answer, 0, length)}");
        }
    }

    public void Dispose() => _socket.Dispose();
}
