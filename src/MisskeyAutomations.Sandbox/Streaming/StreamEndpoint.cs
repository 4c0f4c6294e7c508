using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Streaming;

/// <summary>
/// <c>/streaming</c>: takes the token as <c>Authorization: Bearer</c> or as <c>?i=</c>. An app's token needs <c>read:account</c>.
/// </summary>
internal sealed class StreamEndpoint(WorldState state, StreamHub hub)
{
    public const string Path = "/streaming";

    // Misskey pings every minute and drops whoever has been silent for two.
    private static readonly WebSocketAcceptContext Liveness = new() { KeepAliveInterval = TimeSpan.FromSeconds(60), KeepAliveTimeout = TimeSpan.FromSeconds(60) };

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        Account? listener;
        int refused;
        lock (state.Gate)
        {
            (listener, refused) = hub.IsDown ? (null, StatusCodes.Status502BadGateway) : Admit(TokenOf(context.Request));
        }

        if (refused != 0)
        {
            context.Response.StatusCode = refused;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(Liveness);
        using var connection = new StreamConnection(state, hub, socket, listener);
        await connection.ServeAsync(context.RequestAborted);
    }

    private (Account? Listener, int Refused) Admit(string? token) => token is null ? (null, 0) : state.Tokens.GetValueOrDefault(token) switch
    {
        null => (null, StatusCodes.Status401Unauthorized),
        { Account.IsSuspended: true } => (null, StatusCodes.Status403Forbidden),
        { Kinds: { } kinds } when !kinds.Contains("read:account") => (null, StatusCodes.Status401Unauthorized),
        { Account: var account } => (account, 0),
    };

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..]
        : request.Query["i"] is [{ Length: > 0 } i] ? i : null;
}
