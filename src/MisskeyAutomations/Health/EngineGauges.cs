using System.Diagnostics.Metrics;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Health;

/// <summary>Tells how the engine stands, whenever somebody asks. What cannot be read just then is left out.</summary>
internal sealed class EngineGauges(
    StoreFigures figures, AccountDirectory accounts, Holds holds, ServerProbe probe, RuleVersions rules, RuleFindings findings, TimeProvider time) : IHostedService, IDisposable
{
    private static readonly Severity[] Severities = [Severity.Error, Severity.Warning];

    private readonly Meter _meter = new(Measures.MeterName);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        DescribeStore();
        DescribeWork();
        DescribeAccounts();
        DescribeRules();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _meter.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    private void DescribeStore()
    {
        Observe("misskey_automations.store.size", () => [new(figures.Size())]);
        Observe("misskey_automations.store.log.size", () => Known(figures.LogSize()));
        Observe("misskey_automations.disk.free", () => Known(figures.FreeDisk()));
        Observe("misskey_automations.store.writable", () => [new(figures.IsWritable ? 1 : 0)]);
    }

    private void DescribeWork()
    {
        Observe("misskey_automations.inbox.deliveries", () => [new(figures.CountUndecided().Count)]);
        Observe("misskey_automations.inbox.oldest.age", () =>
            [new(figures.CountUndecided().Oldest is { } oldest ? (long)Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0)]);
        Observe("misskey_automations.runs.waiting", () => figures.CountWaiting().Select(row => Labelled(row.Value, ("for", row.Key.ToString().ToLowerInvariant()))));
        Observe("misskey_automations.steps.uncertain", () => [new(figures.CountUncertain())]);
        Observe("misskey_automations.quarantined", () =>
        {
            var (events, runs) = figures.CountSetAside();
            return [Labelled(events, ("kind", "event")), Labelled(runs, ("kind", "run"))];
        });
    }

    private void DescribeAccounts()
    {
        Observe("misskey_automations.budget.used", () => Budgets((account, budget) =>
            figures.CountUsed(account, budget, rules.Current.Defaults.Budgets[budget])));
        Observe("misskey_automations.budget.limit", () => Budgets((_, budget) => rules.Current.Defaults.Budgets[budget].Max));
        Observe("misskey_automations.account.paused", () => OfAccounts(account => holds.Paused.ContainsKey(account.Name) ? 1 : 0));
        Observe("misskey_automations.server.lost", () => OfAccounts(account => probe.IsDoubtful(account.Server) ? 1 : 0));
        Observe("misskey_automations.account.last_event", () => accounts.All
            .Select(account => (account.Name, At: figures.FindLastEvent(account.Name))).Where(row => row.At is not null)
            .Select(row => Labelled(row.At!.Value.ToUnixTimeSeconds(), ("account", row.Name))));
        Observe("misskey_automations.panic", () => [new(holds.Panic ? 1 : 0)]);
    }

    private void DescribeRules()
    {
        Observe("misskey_automations.rules.in_force", () => [new(rules.Current.Rules.Count)]);
        Observe("misskey_automations.rules.findings", () =>
            Severities.Select(severity => Labelled(findings.Count(severity), ("severity", severity.ToString().ToLowerInvariant()))));
    }

    private void Observe(string name, Func<IEnumerable<Measurement<long>>> look)
    {
        var row = MetricTable.Find(name);
        _meter.CreateObservableGauge(row.Name, () => Look(look), row.Unit, row.Doc);
    }

    private static IEnumerable<Measurement<long>> Look(Func<IEnumerable<Measurement<long>>> look)
    {
        try
        {
            return [.. look()];
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or IOException)
        {
            return [];
        }
    }

    private IEnumerable<Measurement<long>> OfAccounts(Func<Account, long> figure) => accounts.All.Select(account => Labelled(figure(account), ("account", account.Name)));

    private IEnumerable<Measurement<long>> Budgets(Func<string, string, long> figure) => accounts.All
        .SelectMany(account => rules.Current.Defaults.Budgets.Keys.Select(budget => Labelled(figure(account.Name, budget), ("account", account.Name), ("budget", budget))));

    private static IEnumerable<Measurement<long>> Known(long? value) => value is { } known ? [new(known)] : [];

    private static Measurement<long> Labelled(long value, params (string Name, string Value)[] labels) =>
        new(value, labels.Select(label => KeyValuePair.Create<string, object?>(label.Name, label.Value)));
}
