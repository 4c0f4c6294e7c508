using System.Net;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Telemetry;
using MisskeyAutomations.Telemetry.Logs;

namespace MisskeyAutomations.Cli;

/// <summary>Reads <c>log:</c> and <c>telemetry:</c> of the configuration.</summary>
internal static class TelemetrySettings
{
    private const int ShortestKey = 16;

    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static LogOptions ReadLog(IConfiguration configuration)
    {
        var section = configuration.GetSection("log");
        return new()
        {
            Format = section["format"] switch
            {
                null or "" or "text" => LogFormat.Text,
                "json" => LogFormat.Json,
                var other => throw new CommandFailure(ExitCodes.Configuration, $"log: format takes text or json, not '{other}'."),
            },
            Level = section["level"] switch
            {
                null or "" or "information" => LogLevel.Information,
                "debug" => LogLevel.Debug,
                "warning" => LogLevel.Warning,
                "error" => LogLevel.Error,
                var other => throw new CommandFailure(ExitCodes.Configuration, $"log: level takes debug, information, warning or error, not '{other}'."),
            },
        };
    }

    /// <param name="configuration">The configuration.</param>
    /// <param name="urls">Where webhooks are taken.</param>
    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static TelemetryOptions Read(IConfiguration configuration, string urls)
    {
        var section = configuration.GetSection("telemetry");
        return new()
        {
            Otlp = section["otlp"] is { Length: > 0 } otlp ? ReadOtlp(otlp) : null,
            Prometheus = section["prometheus"] is { Length: > 0 } address ? ReadAddress(address, urls) : null,
            MetricsKey = SecretSettings.ReadKey(section, "metrics-key", ShortestKey),
        };
    }

    private static Uri ReadOtlp(string text) =>
        WebAddress.TryRead(text, out var uri) && uri.UserInfo.Length == 0 ? uri
        : throw new CommandFailure(ExitCodes.Configuration, $"telemetry: otlp takes the address of a collector, such as http://127.0.0.1:4317, not '{text}'.");

    private static IPEndPoint ReadAddress(string text, string urls)
    {
        if (!IPEndPoint.TryParse(text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase), out var address) || address.Port == 0)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"telemetry: prometheus takes an address and a port to listen on, such as 127.0.0.1:9464, not '{text}'.");
        }

        return urls.Split(';').Any(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Port == address.Port)
            ? throw new CommandFailure(ExitCodes.Configuration, $"telemetry: prometheus must have a port of its own; on {address.Port} webhooks are taken. To give the metrics out there, set telemetry: metrics-key instead.")
            : address;
    }
}
