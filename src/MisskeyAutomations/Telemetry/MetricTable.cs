using System.Collections.Frozen;
using static MisskeyAutomations.Telemetry.MetricKind;

namespace MisskeyAutomations.Telemetry;

/// <summary>All metrics of the engine's own. What is measured must be here, and what is here is in the book.</summary>
internal static class MetricTable
{
    public static readonly IReadOnlyList<Metric> All =
    [
        new("misskey_automations.deliveries", Counter, "{delivery}", "Deliveries that came: `received`, `duplicate` (known already) or `refused`, and then why",
            "account", "source", "result", "reason"),
        new("misskey_automations.decision.duration", Histogram, "s", "From the arrival of a delivery until its decision was on disk", "source"),
        new("misskey_automations.runs", Counter, "{run}", "Runs that ended", "rule", "state"),
        new("misskey_automations.steps", Counter, "{step}", "Steps that ended, or whose effect is unknown (`uncertain`)", "kind", "state"),
        new("misskey_automations.call.duration", Histogram, "s", "Calls of Misskey, with their answers; `result` is `rate_limited` after 429", "account", "endpoint", "result"),
        new("misskey_automations.outside.call.duration", Histogram, "s", "Calls of other servers by `http`, `upload` and alerts", "result"),
        new("misskey_automations.store.commit.duration", Histogram, "s", "Transactions of the store, with the flush of the disk"),
        new("misskey_automations.store.commit.changes", Histogram, "{change}", "Changes that shared a transaction"),
        new("misskey_automations.alarm.lateness", Histogram, "s", "How much later than its time an alarm of a waiting run rang"),
        new("misskey_automations.rules.reloads", Counter, "{reload}", "Readings of changed rules: `in_force`, `broken` (the last good ones stay) or `unreadable`", "result"),
        new("misskey_automations.alerts", Counter, "{alert}", "Alerts that were `sent`, or could not be (`failed`: they are tried again)", "target", "result"),
        new("misskey_automations.inbox.deliveries", Gauge, "{delivery}", "Deliveries that are not decided yet"),
        new("misskey_automations.inbox.oldest.age", Gauge, "s", "Age of the oldest delivery that is not decided yet; 0 when there is none"),
        new("misskey_automations.runs.waiting", Gauge, "{run}", "Runs that wait, by what for", "for"),
        new("misskey_automations.steps.uncertain", Gauge, "{step}", "Steps that were sent and never confirmed"),
        new("misskey_automations.quarantined", Gauge, "{item}", "What was set aside: `event` or `run`", "kind"),
        new("misskey_automations.budget.used", Gauge, "{call}", "Calls that count for a budget now", "account", "budget"),
        new("misskey_automations.budget.limit", Gauge, "{call}", "Calls that a budget allows within its time", "account", "budget"),
        new("misskey_automations.account.paused", Gauge, "{account}", "1 while Misskey refuses the account", "account"),
        new("misskey_automations.account.last_event", Gauge, "s", "When the last event of an account came by a webhook or its stream, in Unix time; absent before the first", "account"),
        new("misskey_automations.server.lost", Gauge, "{server}", "1 while the server of an account is left alone because it failed again and again", "account"),
        new("misskey_automations.panic", Gauge, "{switch}", "1 while everything is stopped by `panic on`"),
        new("misskey_automations.rules.in_force", Gauge, "{rule}", "Rules in force"),
        new("misskey_automations.rules.findings", Gauge, "{finding}", "What the last reload of the rules found", "severity"),
        new("misskey_automations.store.size", Gauge, "By", "Size of the database"),
        new("misskey_automations.store.log.size", Gauge, "By", "Size of the database's write-ahead log (SQLite)"),
        new("misskey_automations.disk.free", Gauge, "By", "What is free on the disk of the data directory"),
        new("misskey_automations.store.writable", Gauge, "{store}", "1 when the last change could be written, 0 otherwise"),
    ];

    private static readonly FrozenDictionary<string, Metric> ByName = All.ToFrozenDictionary(metric => metric.Name, StringComparer.Ordinal);

    /// <summary>The row of a metric.</summary>
    /// <exception cref="KeyNotFoundException">It is not in the table.</exception>
    public static Metric Find(string name) => ByName[name];
}
