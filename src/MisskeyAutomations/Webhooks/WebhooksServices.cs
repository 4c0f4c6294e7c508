using Microsoft.AspNetCore.Server.Kestrel.Core;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Webhooks;

/// <summary>Registers the folder.</summary>
internal static class WebhooksServices
{
    // Some monitors ask for the head alone.
    private static readonly string[] Asking = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The door, and limits of the server that keep slow and greedy senders from its other guests.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, Action<WebhookOptions>? configure = null)
    {
        services.AddOptions<WebhookOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Turnstile>();
        services.AddSingleton<WebhookEndpoint>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The server counts the framing of chunks, too; the door itself counts exactly.
            kestrel.Limits.MaxRequestBodySize = WebhookEndpoint.MaxBodyLength + (64 * 1024);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1_024, gracePeriod: TimeSpan.FromSeconds(3));
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.MaxRequestHeaderCount = 64;

            // For all together: behind a proxy everybody comes from one address, so none is counted by itself (ADR 30).
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.ThatFit().Webhooks;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 256;
        });
        return services;
    }

    /// <summary>Maps <c>/hooks/{account}</c>, <c>/healthz</c> (the process answers) and <c>/readyz</c> (deliveries can be stored).</summary>
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.Map("/hooks/{account}", routes.ServiceProvider.GetRequiredService<WebhookEndpoint>().HandleAsync);
        routes.MapMethods("/healthz", Asking, static context => context.Response.WriteAsync("ok\n", context.RequestAborted));
        routes.MapMethods("/readyz", Asking, TellReadinessAsync);
        return routes;
    }

    private static async Task TellReadinessAsync(HttpContext context)
    {
        try
        {
            await context.RequestServices.GetRequiredService<IInbox>().ProbeAsync(context.RequestAborted);
            await context.Response.WriteAsync("ready\n", context.RequestAborted);
        }
        catch (StoreUnavailableException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("The store cannot be written.\n", context.RequestAborted);
        }
    }
}
