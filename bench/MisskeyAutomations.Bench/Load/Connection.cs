using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Bench.Load;

/// <summary>A keep-alive connection that has one request under way at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[1024];

    private const int StatusAt = 9;

    private static ReadOnlySpan<byte> ContentLength => "Content-Length: "u8;

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
        if (await AskAsync(request) is not 204 and var status)
        {
            throw new IOException($"The server did not accept: {status}");
        }
    }

    /// <summary>Sends a request and gives the status of its answer, whose body must be as long as its head says, if it has one.</summary>
    public async ValueTask<int> AskAsync(ReadOnlyMemory<byte> request)
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
        while (!IsWhole(_answer.AsSpan(0, length)));

        return Utf8Parser.TryParse(_answer.AsSpan(StatusAt), out int status, out _) ? status : 0;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf(EndOfHead) is not (>= 0 and var end))
        {
            return false;
        }

        var head = answer[..end];
        var body = head.IndexOf(ContentLength) is >= 0 and var at && Utf8Parser.TryParse(head[(at + ContentLength.Length)..], out int length, out _) ? length : 0;
        return answer.Length >= end + EndOfHead.Length + body;
    }

    public void Dispose() => _socket.Dispose();
}
