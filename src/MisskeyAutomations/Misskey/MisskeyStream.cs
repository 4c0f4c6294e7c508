using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace MisskeyAutomations.Misskey;

/// <summary>An open connection to an account's stream. One may receive while another sends; not two of a kind.</summary>
internal sealed class MisskeyStream(WebSocket socket) : IDisposable
{
    /// <summary>Longer messages are passed over: as long as a webhook's body may be.</summary>
    public const int LongestMessage = 1024 * 1024;

    private const int Usual = 8 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Usual);

    /// <summary>Asks for a channel; Misskey confirms it by a message <c>connected</c> with this id, or says nothing.</summary>
    /// <param name="id">Chosen by us; the channel's messages bear it.</param>
    /// <param name="channel">Such as <c>main</c>.</param>
    /// <param name="parameters">What the channel takes, as JSON.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ConnectAsync(string id, string channel, string parameters, CancellationToken cancellationToken) => SendAsync("connect", json =>
    {
        json.WriteString("id", id);
        json.WriteString("channel", channel);
        json.WriteBoolean("pong", true);
        json.WritePropertyName("params");
        json.WriteRawValue(parameters);
    }, cancellationToken);

    /// <summary>Wants no more of a channel.</summary>
    public Task DisconnectAsync(string id, CancellationToken cancellationToken) =>
        SendAsync("disconnect", json => json.WriteString("id", id), cancellationToken);

    /// <summary>The next message; its memory is good until the next is asked for. Empty for one that is too long; null when the server has closed.</summary>
    /// <exception cref="WebSocketException">The connection broke, or the other end has been silent for too long.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        // Of a message that is too long, nothing is kept; whatever large buffer the last one needed is given back.
        if (_buffer.Length > 8 * Usual)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(Usual);
        }

        var (length, isTooLong) = (0, false);
        while (true)
        {
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (part.MessageType is WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            isTooLong |= length > LongestMessage;
            if (part.EndOfMessage)
            {
                return isTooLong || part.MessageType is WebSocketMessageType.Binary ? ReadOnlyMemory<byte>.Empty : _buffer.AsMemory(0, length);
            }

            if (isTooLong)
            {
                length = 0;
            }
            else if (length == _buffer.Length)
            {
                Widen();
            }
        }
    }

    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async Task SendAsync(string type, Action<Utf8JsonWriter> writeBody, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteStartObject("body");
            writeBody(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
    }

    private void Widen()
    {
        var wider = ArrayPool<byte>.Shared.Rent(_buffer.Length * 4);
        _buffer.CopyTo(wider, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = wider;
    }
}
