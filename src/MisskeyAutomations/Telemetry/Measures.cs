using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MisskeyAutomations.Telemetry;

/// <summary>What is counted and timed where it happens. While nobody listens, a measurement costs the look whether somebody does.</summary>
internal static class Measures
{
    /// <summary>The name of the engine's meters.</summary>
    public const string MeterName = "MisskeyAutomations";

    /// <summary>The bounds of the buckets of calls, in seconds.</summary>
    public static readonly double[] CallBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Deliveries = Count("misskey_automations.deliveries");
    private static readonly Histogram<double> Decisions = Time("misskey_automations.decision.duration", 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3600);
    private static readonly Counter<long> Runs = Count("misskey_automations.runs");
    private static readonly Counter<long> Steps = Count("misskey_automations.steps");
    private static readonly Histogram<double> Calls = Time("misskey_automations.call.duration", CallBoundaries);
    private static readonly Histogram<double> OutsideCalls = Time("misskey_automations.outside.call.duration", CallBoundaries);
    private static readonly Histogram<double> Commits = Time("misskey_automations.store.commit.duration", 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5);
    private static readonly Histogram<long> Changes = Sizes("misskey_automations.store.commit.changes", 1, 2, 5, 10, 20, 50, 100, 200, 500);
    private static readonly Histogram<double> Lateness = Time("misskey_automations.alarm.lateness", 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 600);
    private static readonly Counter<long> Reloads = Count("misskey_automations.rules.reloads");
    private static readonly Counter<long> Alerts = Count("misskey_automations.alerts");

    /// <summary>Deliveries came.</summary>
    /// <param name="account">The account's name; empty where it is none of ours.</param>
    /// <param name="source">Such as <c>webhook</c>.</param>
    /// <param name="result"><c>received</c>, <c>duplicate</c> or <c>refused</c>.</param>
    /// <param name="reason">Why it was refused; empty otherwise.</param>
    /// <param name="count">How many.</param>
    public static void Delivered(string account, string source, string result, string reason = "", long count = 1)
    {
        if (Deliveries.Enabled && count > 0)
        {
            Deliveries.Add(count, new("account", account), new("source", source), new("result", result), new("reason", reason));
        }
    }

    /// <summary>A delivery was decided.</summary>
    public static void Decided(string source, TimeSpan after) => Decisions.Record(after.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    /// <summary>Runs ended.</summary>
    public static void Ended(string rule, string state, long count = 1)
    {
        if (count > 0)
        {
            Runs.Add(count, new("rule", rule), new("state", state));
        }
    }

    /// <summary>A step ended, or became uncertain.</summary>
    public static void Took(string kind, string state) => Steps.Add(1, new("kind", kind), new("state", state));

    /// <summary>Misskey was called.</summary>
    public static void Called(string account, string endpoint, string result, long since)
    {
        if (Calls.Enabled)
        {
            Calls.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new("account", account), new("endpoint", endpoint), new("result", result));
        }
    }

    /// <summary>Another server was called.</summary>
    public static void CalledOutside(string result, long since) =>
        OutsideCalls.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("result", result));

    /// <summary>A transaction was committed.</summary>
    public static void Committed(int changes, long since)
    {
        if (Commits.Enabled)
        {
            Commits.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
            Changes.Record(changes);
        }
    }

    /// <summary>An alarm rang.</summary>
    public static void Rang(TimeSpan late) => Lateness.Record(Math.Max(0, late.TotalSeconds));

    /// <summary>Changed rules were read.</summary>
    public static void Reloaded(string result) => Reloads.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>An alert was sent, or could not be.</summary>
    public static void Alerted(string target, string result) => Alerts.Add(1, new("target", target), new("result", result));

    private static Counter<long> Count(string name)
    {
        var row = MetricTable.Find(name);
        return Meter.CreateCounter<long>(row.Name, row.Unit, row.Doc);
    }

    private static Histogram<double> Time(string name, params double[] boundaries)
    {
        var row = MetricTable.Find(name);
        return Meter.CreateHistogram(row.Name, row.Unit, row.Doc, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
    }

    private static Histogram<long> Sizes(string name, params long[] boundaries)
    {
        var row = MetricTable.Find(name);
        return Meter.CreateHistogram(row.Name, row.Unit, row.Doc, tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = boundaries });
    }
}
