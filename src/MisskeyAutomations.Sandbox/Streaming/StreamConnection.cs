using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Streaming;

/// <summary>One listener. What is told is put into a queue, so that nobody who acts waits for a slow reader.</summary>
internal sealed class StreamConnection(WorldState state, StreamHub hub, WebSocket socket, Account? listener) : IDisposable
{
    // Misskey takes no more from one connection.
    private const int MostChannels = 32;
    private const int LongestMessage = 64 * 1024;

    private readonly CancellationTokenSource _cut = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly Channel<byte[]> _outgoing = System.Threading.Channels.Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });

    /// <summary>Null for somebody without a token, who may listen to what is public.</summary>
    public Account? Listener => listener;

    /// <summary>Serves until the listener leaves or is cut off.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        lock (state.Gate)
        {
            hub.Add(this);
        }

        try
        {
            await await Task.WhenAny(SendAsync(either.Token), HearAsync(either.Token));
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            // The listener went away, or was cut off.
        }
        finally
        {
            lock (state.Gate)
            {
                hub.Remove(this);
            }

            _outgoing.Writer.TryComplete();
            await _cut.CancelAsync();
            socket.Abort();
        }
    }

    public void Cut() => _cut.Cancel();

    public int CountOf(string channel) => _subscriptions.Count(subscription => subscription.Channel == channel);

    public int Count => _subscriptions.Count;

    public void Dispose() => _cut.Dispose();

    /// <summary>Tells a message on each channel that is for it. Under the lock of the state.</summary>
    public void Tell(Func<Subscription, bool> isFor, string type, byte[] body)
    {
        foreach (var subscription in _subscriptions.Where(isFor))
        {
            _outgoing.Writer.TryWrite(Message("channel", json =>
            {
                json.WriteString("id", subscription.Id);
                json.WriteString("type", type);
                json.WritePropertyName("body");
                json.WriteRawValue(body, skipInputValidation: true);
            }));
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestMessage];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += part.Count;
            }
            while (!part.EndOfMessage && length < buffer.Length);
            if (part.MessageType is WebSocketMessageType.Close || !part.EndOfMessage)
            {
                return;
            }

            Hear(buffer.AsMemory(0, length));
        }
    }

    // Whatever is no message that Misskey knows is passed over in silence.
    private void Hear(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var message = JsonDocument.Parse(text);
            if (message.RootElement.ValueKind is JsonValueKind.Object && message.RootElement.TryGetProperty("body", out var body)
                && body.ValueKind is JsonValueKind.Object && TextOf(body, "id") is { } id)
            {
                Heed(TextOf(message.RootElement, "type"), id, body);
            }
        }
        catch (JsonException)
        {
        }
    }

    private void Heed(string? type, string id, JsonElement body)
    {
        lock (state.Gate)
        {
            if (type is "connect" && TextOf(body, "channel") is { } channel && IsOpen(channel) && _subscriptions.Count < MostChannels)
            {
                _subscriptions.Add(new(id, channel, body.TryGetProperty("params", out var parameters) ? parameters.Clone() : default));
                if (body.TryGetProperty("pong", out var pong) && pong.ValueKind is JsonValueKind.True)
                {
                    _outgoing.Writer.TryWrite(Message("connected", json => json.WriteString("id", id)));
                }
            }
            else if (type is "disconnect")
            {
                _subscriptions.RemoveAll(subscription => subscription.Id == id);
            }
        }
    }

    private bool IsOpen(string channel) => channel switch
    {
        "main" => listener is not null && !_subscriptions.Exists(subscription => subscription.Channel == "main"),
        "homeTimeline" or "antenna" or "userList" => listener is not null,
        "localTimeline" or "channel" or "hashtag" => true,
        _ => false,
    };

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static byte[] Message(string type, Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteStartObject("body");
            writeBody(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
