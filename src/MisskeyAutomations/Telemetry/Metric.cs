namespace MisskeyAutomations.Telemetry;

/// <summary>A row of the table of metrics.</summary>
/// <param name="Name">After the conventions of OpenTelemetry.</param>
/// <param name="Kind">How it is measured.</param>
/// <param name="Unit">In UCUM: <c>s</c>, <c>By</c>, <c>{run}</c>.</param>
/// <param name="Doc">What it tells, in a few words.</param>
/// <param name="Labels">What it is told apart by. All come from the configuration or from tables of the code, never from what people send.</param>
internal sealed record Metric(string Name, MetricKind Kind, string Unit, string Doc, params string[] Labels)
{
    /// <summary>The name under which Prometheus sees it; that of a histogram without <c>_bucket</c>, <c>_sum</c>, <c>_count</c>.</summary>
    public string PrometheusName => Name.Replace('.', '_') + Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    } + (Kind == MetricKind.Counter ? "_total" : "");
}

/// <summary>How a metric is measured.</summary>
internal enum MetricKind
{
    /// <summary>Only grows; begins at 0 when the engine starts.</summary>
    Counter,

    /// <summary>As it stands now.</summary>
    Gauge,

    /// <summary>How many were how large.</summary>
    Histogram,
}
