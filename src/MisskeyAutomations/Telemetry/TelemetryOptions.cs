using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Telemetry;

/// <summary>Who is told how the engine does.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Where metrics and traces are sent by OTLP; null for nowhere, unless the variables of OpenTelemetry (<c>OTEL_…</c>) say where.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>An address of its own at which Prometheus finds the metrics, such as <c>127.0.0.1:9464</c>; null for none.</summary>
    public System.Net.IPEndPoint? Prometheus { get; init; }

    /// <summary>The key with which the metrics are given out at the address of the webhooks; null: they are not.</summary>
    public Secret? MetricsKey { get; init; }

    /// <summary>Whether OTLP is wanted, here or by OpenTelemetry's own variables.</summary>
    public bool UsesOtlp => Otlp is not null || OtlpVariables.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Whether anybody may ask for metrics.</summary>
    public bool UsesPrometheus => Prometheus is not null || MetricsKey is not null;

    private static readonly string[] OtlpVariables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
}
