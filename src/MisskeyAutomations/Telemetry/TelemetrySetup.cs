using MisskeyAutomations.Engine.Runs;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MisskeyAutomations.Telemetry;

/// <summary>Registers the folder.</summary>
internal static class TelemetrySetup
{
    private const string Name = "misskey-automations";

    // A rule or an account more than this is counted under `otel.metric.overflow`, and memory stays as it is.
    private const int MostLabels = 10_000;
    private const int GrpcPort = 4317;

    private static readonly string Version = typeof(TelemetrySetup).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>What collects metrics and traces and hands them out; nothing at all when nobody is to be told.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddSingleton(options);
        if (!options.UsesOtlp && !options.UsesPrometheus)
        {
            return services;
        }

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(Name, serviceVersion: Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Measures.MeterName, "System.Runtime")
                    .AddView("misskey_automations.runs", new MetricStreamConfiguration { CardinalityLimit = MostLabels })
                    .AddView("misskey_automations.call.duration", new ExplicitBucketHistogramConfiguration { CardinalityLimit = MostLabels, Boundaries = Measures.CallBoundaries });
                if (options.UsesPrometheus)
                {
                    metrics.AddPrometheusExporter();
                }

                if (options.UsesOtlp)
                {
                    metrics.AddOtlpExporter(exporter => Aim(exporter, options.Otlp, "v1/metrics"));
                }
            });
        if (options.UsesOtlp)
        {
            telemetry.WithTracing(traces => traces.AddSource(Spans.SourceName, StepSpans.SourceName)
                .AddOtlpExporter(exporter => Aim(exporter, options.Otlp, "v1/traces")));
        }

        return services;
    }

    // Without an address of ours, OpenTelemetry's variables say all. A path, or another port than that of gRPC, means HTTP.
    private static void Aim(OtlpExporterOptions exporter, Uri? address, string path)
    {
        if (address is null)
        {
            return;
        }

        var isGrpc = address.Port == GrpcPort && address.AbsolutePath == "/";
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc ? address : new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
