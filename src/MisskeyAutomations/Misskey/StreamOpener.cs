using System.Net;
using System.Net.WebSockets;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Opens connections to <c>/streaming</c> (<see href="https://misskey-hub.net/docs/for-developers/api/streaming/"/>) over the same kind of
/// transport as calls: no redirect is followed, no proxy asked, no cookie kept.
/// </summary>
internal sealed class StreamOpener(StreamLiveness liveness, ServerSockets sockets, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _transport = new(MisskeyServices.CreateTransport(sockets));

    /// <summary>Opens one. Whatever keeps it from opening is told, not thrown.</summary>
    public async Task<StreamOpening> OpenAsync(Account account, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {account.Token.Reveal()}");
        socket.Options.SetRequestHeader("User-Agent", MisskeyServices.UserAgent);
        socket.Options.CollectHttpResponseDetails = true;

        // Whichever end falls silent is noticed after both together.
        socket.Options.KeepAliveInterval = liveness.PingEvery;
        socket.Options.KeepAliveTimeout = liveness.PongWithin;
        using var patience = new CancellationTokenSource(MisskeySender.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await socket.ConnectAsync(AddressOf(account.Server), _transport, either.Token);
            return new(new MisskeyStream(socket), HttpStatusCode.SwitchingProtocols, "");
        }
        catch (Exception fault) when (fault is WebSocketException or HttpRequestException or IOException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            return new(null, status, (int)status < 200
                ? FaultSentence.Of(fault, hasBegun: false).ToString() : $"The server answers HTTP {(int)status} in place of a stream.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    private static Uri AddressOf(Uri server) => new UriBuilder(server) { Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/streaming" }.Uri;
}

/// <summary>What became of opening a stream.</summary>
/// <param name="Stream">The open stream; null when it did not open.</param>
/// <param name="Status">The HTTP status of the answer; 0 when nothing was answered.</param>
/// <param name="Trouble">Why it did not open, a sentence.</param>
internal sealed record StreamOpening(MisskeyStream? Stream, HttpStatusCode Status, string Trouble)
{
    /// <summary>Whether Misskey refuses the token or the account: asking again changes nothing.</summary>
    public bool IsRefused => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
}

/// <summary>How soon a connection that looks open and is dead is noticed: after both together, 120 s.</summary>
internal sealed record StreamLiveness
{
    /// <summary>How often the other end is asked whether it is there; as often as Misskey asks.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long its answer may take.</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromSeconds(60);
}
