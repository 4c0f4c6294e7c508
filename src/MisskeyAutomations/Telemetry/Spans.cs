using System.Collections.Concurrent;
using System.Diagnostics;

namespace MisskeyAutomations.Telemetry;

/// <summary>
/// The spans of traces. What belongs to one event is one trace: the request, its decision, its runs with their steps and calls. What a run does
/// after a wait is a trace of its own, linked to the one before. Tags hold names and numbers, never what people wrote.
/// </summary>
internal static class Spans
{
    /// <summary>The name of the source; that of the engine's steps is <c>MisskeyAutomations.Engine</c>.</summary>
    public const string SourceName = "MisskeyAutomations";

    // Contexts are kept in memory until they are needed; a flood pushes the oldest out, whose traces are then in two parts.
    private const int MostKept = 20_000;

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly KeptContexts<(string Account, string Hook, string Event)> OfDeliveries = new(MostKept);
    private static readonly KeptContexts<long> OfRuns = new(MostKept);

    /// <summary>Whether anybody wants traces.</summary>
    public static bool AreWanted => Source.HasListeners();

    /// <summary>A webhook request came. What the sender says of a trace is not taken over: anybody could say it.</summary>
    public static Activity? Receive()
    {
        if (!AreWanted)
        {
            return null;
        }

        Activity.Current = null;
        return Source.StartActivity("POST /hooks/{account}", ActivityKind.Server);
    }

    /// <summary>The request's delivery, by which its decision is found to be of the same trace.</summary>
    public static void Keep(Activity? request, string account, string hookId, string eventId)
    {
        if (request is not null)
        {
            OfDeliveries.Keep((account, hookId, eventId), request.Context);
        }
    }

    /// <summary>A delivery is being decided.</summary>
    public static Activity? Decide(string account, string hookId, string eventId, string source, long delivery)
    {
        if (!AreWanted)
        {
            return null;
        }

        Activity.Current = null;
        var span = Source.StartActivity("decide", ActivityKind.Consumer, OfDeliveries.Take((account, hookId, eventId)) ?? default);
        span?.SetTag("misskey_automations.account", account).SetTag("misskey_automations.source", source).SetTag("misskey_automations.delivery", delivery);
        return span;
    }

    /// <summary>A run was made by a decision.</summary>
    public static void Hand(Activity? decision, long run)
    {
        if (decision is not null)
        {
            OfRuns.Keep(run, decision.Context);
        }
    }

    /// <summary>A run is worked on.</summary>
    /// <param name="run">Its number.</param>
    /// <param name="rule">Its rule.</param>
    /// <param name="account">Its account.</param>
    /// <param name="delivery">Its event.</param>
    /// <param name="hasWaited">Whether it waited before: then it is linked to what was before.</param>
    public static Activity? Work(long run, string rule, string account, long delivery, bool hasWaited)
    {
        if (!AreWanted)
        {
            return null;
        }

        Activity.Current = null;
        var before = OfRuns.Take(run);
        var span = hasWaited
            ? Source.StartActivity("run", ActivityKind.Internal, default(ActivityContext), links: before is { } linked ? [new ActivityLink(linked)] : null)
            : Source.StartActivity("run", ActivityKind.Internal, before ?? default);
        span?.SetTag("misskey_automations.run", run).SetTag("misskey_automations.rule", rule)
            .SetTag("misskey_automations.account", account).SetTag("misskey_automations.delivery", delivery);
        return span;
    }

    /// <summary>A run waits: what it does afterwards is linked to this.</summary>
    public static void KeepWaiting(Activity? work, long run)
    {
        if (work is not null)
        {
            OfRuns.Keep(run, work.Context);
        }
    }

    /// <summary>Misskey is called.</summary>
    public static Activity? Call(string account, string endpoint, Uri server)
    {
        var span = Source.StartActivity($"POST {endpoint}", ActivityKind.Client);
        span?.SetTag("misskey_automations.account", account).SetTag("misskey_automations.endpoint", endpoint)
            .SetTag("server.address", server.Host).SetTag("server.port", server.Port);
        return span;
    }

    /// <summary>Another server is called. Its address may be a secret.</summary>
    public static Activity? CallOutside() => Source.StartActivity("call outside", ActivityKind.Client);

    /// <summary>Says how it ended.</summary>
    public static void End(this Activity? span, string result, bool isWell)
    {
        if (span is not null)
        {
            span.SetTag("misskey_automations.result", result);
            span.SetStatus(isWell ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        }
    }

    /// <summary>Contexts by what they are of; the oldest are forgotten.</summary>
    private sealed class KeptContexts<TKey>(int most) where TKey : notnull
    {
        private readonly ConcurrentDictionary<TKey, ActivityContext> _kept = new();
        private readonly ConcurrentQueue<TKey> _order = new();

        public void Keep(TKey key, ActivityContext context)
        {
            _kept[key] = context;
            _order.Enqueue(key);
            while (_order.Count > most && _order.TryDequeue(out var oldest))
            {
                _kept.TryRemove(oldest, out _);
            }
        }

        public ActivityContext? Take(TKey key) => _kept.TryRemove(key, out var context) ? context : null;
    }
}
