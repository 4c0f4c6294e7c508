using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.SignIn;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>What keeps pages up to date: server-sent events, each with the parts of the page that have changed, as the page has them.</summary>
internal static class LiveEndpoints
{
    public const string Path = "/live";

    /// <summary>What is given for <c>of</c> where the figures of the overview are wanted, and not events.</summary>
    public const string Figures = "figures";

    private static readonly byte[] Hello = ": this is what changes\nretry: 5000\n\n"u8.ToArray();
    private static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();
    private static readonly byte[] Over = "event: over\ndata:\n\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, ServeAsync);

    private static async Task ServeAsync(HttpContext context, Feeds feeds, Visitor visitor)
    {
        Subject subject = context.Request.Query["of"] == Figures ? new Subject.Figures() : new Subject.Events(EventsEndpoints.FilterOf(context.Request.Query));
        if (feeds.Open(new(subject, visitor.Language, visitor.Zone), SessionCookie.KeyOf(context)!) is not { } feed)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "60";
            await context.Response.WriteAsync("Too many pages are open that update by themselves. Close some, or load this one anew when you want to see more.\n", context.RequestAborted);
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await TellAsync(context, feed);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // They left, or read too slowly: then Kestrel cuts them off.
        }
        finally
        {
            feeds.Close(feed);
        }
    }

    private static async Task TellAsync(HttpContext context, Feed feed)
    {
        var (canvas, gone) = (feed.Canvas, context.RequestAborted);
        var point = canvas.PointOf(context.Request.Headers["Last-Event-ID"]);
        await SendAsync(context, Hello);
        while (!feed.HasEnded)
        {
            var beat = feed.WaitAsync();
            if (canvas.Since(point) is var (reached, message))
            {
                await SendAsync(context, message);
                point = reached;
            }

            await beat.WaitAsync(gone);
            if (canvas.Since(point) is null && !feed.HasEnded)
            {
                await SendAsync(context, SignOfLife);
            }
        }

        await SendAsync(context, Over);
    }

    private static async Task SendAsync(HttpContext context, byte[] message)
    {
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
