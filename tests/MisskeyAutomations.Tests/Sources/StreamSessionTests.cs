using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Sources;

/// <summary>Servers that stream what no Misskey does.</summary>
public sealed class StreamSessionTests
{
    private const string Mention = """{"type":"channel","body":{"id":"1","type":"mention","body":{"id":"9abc","userId":"bob9","text":"hi \ud800"}}}""";

    private readonly AddingInbox _inbox = new();

    [Fact]
    public async Task What_cannot_be_read_is_too_long_or_unknown_is_passed_over_and_the_rest_is_taken()
    {
        string[] strange =
        [
            "", "no JSON", "[]", "null", "{}", """{"type":"channel"}""", """{"type":"channel","body":{}}""", """{"type":"channel","body":{"id":"77","type":"mention","body":{"id":"x"}}}""",
            """{"type":"channel","body":{"id":"1","type":"mention","body":{"text":"a note without an id"}}}""", """{"type":"channel","body":{"id":"1","type":"mention","body":"text"}}""",
            """{"type":"channel","body":{"id":"1","type":"unheardOf","body":{"id":"x"}}}""", """{"type":"channel","body":{"id":"1","type":"notification","body":{"type":"follow"}}}""",
            Mention.Replace("hi", new string('x', 2 * 1024 * 1024), StringComparison.Ordinal), new string('[', 200_000),
        ];

        var session = await ListenAsync([.. strange, Mention]);

        var taken = Assert.Single(_inbox.Added);
        Assert.Equal("mention:9abc", taken.EventId);
        Assert.Contains("hi \\uFFFD", Encoding.UTF8.GetString(taken.Body.Span), StringComparison.Ordinal);
        Assert.Equal(4, session.Unreadable);
    }

    [Fact]
    public async Task A_message_that_is_told_twice_has_the_same_id()
    {
        await ListenAsync([Mention, Mention]);

        Assert.Equal(["mention:9abc", "mention:9abc"], _inbox.Added.Select(delivery => delivery.EventId));
        Assert.All(_inbox.Added, delivery => Assert.Equal(0, delivery.CreatedAt));
    }

    private async Task<StreamSession> ListenAsync(string[] messages)
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await StartAsync(messages);
        var account = new Account { Name = "main", Server = new Uri(server.Urls.First()), Token = new Secret("0123456789abcdef"), HookSecrets = [] };
        using var opener = new StreamOpener(new StreamLiveness(), new ServerSockets(new FindAddresses(System.Net.Dns.GetHostAddressesAsync)), TimeProvider.System);
        var buffer = new StreamBuffer("main", _inbox, TimeProvider.System, NullLogger.Instance);
        using var ending = new CancellationTokenSource();
        var storing = buffer.StoreAsync(ending.Token);

        var opening = await opener.OpenAsync(account, token);
        using var stream = opening.Stream ?? throw new InvalidOperationException(opening.Trouble);
        var session = new StreamSession(account, "alice9", "stream", stream, buffer, TimeProvider.System);
        await session.BeginAsync(token);
        Assert.True(await session.ListenAsync(token).WaitAsync(Eventually.Patience, token));

        await ending.CancelAsync();
        await storing;
        return session;
    }

    private static async Task<WebApplication> StartAsync(string[] messages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            foreach (var message in messages)
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            await HearOutAsync(socket);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    // Whoever goes while something is unread resets the connection, and takes along what the other end has not read.
    private static async Task HearOutAsync(WebSocket socket)
    {
        try
        {
            while ((await socket.ReceiveAsync(new byte[4_096], TestContext.Current.CancellationToken)).MessageType is not WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // The other end has gone.
        }
    }
}
