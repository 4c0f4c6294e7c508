using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Listens to a server's stream as an app does, and keeps what it is told.</summary>
internal sealed class StreamEar : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonElement> _told = [];

    private StreamEar()
    {
    }

    /// <summary>Connects; throws where the server refuses.</summary>
    public static async Task<StreamEar> ConnectAsync(Uri server, string? token, bool inQuery = false)
    {
        var ear = new StreamEar();
        if (token is not null && !inQuery)
        {
            ear._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        ear._socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(server) { Scheme = "ws", Path = "/streaming", Query = token is not null && inQuery ? $"i={token}" : "" };
        await ear._socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
        return ear;
    }

    /// <summary>The status with which the server refuses a token.</summary>
    public static async Task<int> RefusalAsync(Uri server, string token)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/streaming" }.Uri, TestContext.Current.CancellationToken));
        return (int)socket.HttpStatusCode;
    }

    public Task SayAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>Asks for a channel and waits until it is confirmed.</summary>
    public async Task AskAsync(string channel, string parameters = "{}")
    {
        await SayAsync($$$"""{"type":"connect","body":{"channel":"{{{channel}}}","id":"{{{channel}}}-1","pong":true,"params":{{{parameters}}}}}""");
        await NextAsync(message => message.GetProperty("type").GetString() == "connected" && message.GetProperty("body").GetProperty("id").GetString() == $"{channel}-1");
    }

    /// <summary>The body of the next message of a channel with this type.</summary>
    public async Task<JsonElement> BodyAsync(string channel, string type) => (await NextAsync(message => message.GetProperty("type").GetString() == "channel"
        && message.GetProperty("body").GetProperty("id").GetString() == $"{channel}-1"
        && message.GetProperty("body").GetProperty("type").GetString() == type)).GetProperty("body").GetProperty("body");

    /// <summary>Whether something was told so far that must not be.</summary>
    public bool HasHeard(string type) => _told.Exists(message => message.GetProperty("type").GetString() == "channel" && message.GetProperty("body").GetProperty("type").GetString() == type);

    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> isWanted)
    {
        var buffer = new byte[256 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            var message = JsonElement.Parse(buffer.AsSpan(0, length));
            _told.Add(message);
            if (isWanted(message))
            {
                return message;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
