using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Telemetry;

/// <summary>
/// <c>/metrics</c>: on an address of its own for whoever gets there, and at the address of the webhooks for whoever has the key. To all others it
/// is a page that there is not.
/// </summary>
internal static class MetricsDoor
{
    private const string Path = "/metrics";
    private const string Scheme = "Bearer ";

    /// <summary>Puts the door before all else that is mapped.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<TelemetryOptions>();
        if (!options.UsesPrometheus)
        {
            return;
        }

        app.UseWhen(context => IsOpen(context, options), branch => branch.UseOpenTelemetryPrometheusScrapingEndpoint());
        app.Use((context, next) =>
        {
            // Nothing else is to be found at the address of the metrics.
            if (!IsOwnAddress(context, options))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    /// <summary>The address of its own in the way in which the server takes it; none where there is none.</summary>
    public static IReadOnlyList<string> UrlsOf(TelemetryOptions options) => options.Prometheus is { } address ? [$"http://{address}"] : [];

    private static bool IsOpen(HttpContext context, TelemetryOptions options) =>
        context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method) && (IsOwnAddress(context, options) || HasKey(context, options));

    private static bool IsOwnAddress(HttpContext context, TelemetryOptions options) =>
        options.Prometheus is { } own && context.Connection.LocalIpAddress is { } address && context.Connection.LocalPort == own.Port
        && (own.Address.Equals(IPAddress.Any) || own.Address.Equals(IPAddress.IPv6Any) || own.Address.Equals(address) || own.Address.Equals(address.MapToIPv4()));

    private static bool HasKey(HttpContext context, TelemetryOptions options)
    {
        var given = context.Request.Headers.Authorization.ToString();
        return options.MetricsKey is { } key && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..].Trim())), SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())));
    }
}
