using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>Accounts that Misskey refuses.</summary>
internal sealed class PauseWatch(Holds holds, MisskeyAccountCheck check) : TroubleWatch
{
    public override string Kind => "account-paused";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(
        new Sight([.. holds.Paused.Select(paused => new Trouble(paused.Key,
            $"Account {paused.Key} is paused, its events are still accepted: {paused.Value} It is tried again every 10 minutes; a new token counts once the engine is started again."))])
        {
            // After a start it is known once Misskey has said who the account is.
            IsUnknown = account => check[account].Username is null,
        });
}

/// <summary>Servers that are left alone for more than ten minutes.</summary>
internal sealed class ServerWatch(AccountDirectory accounts, ServerProbe probe, TimeProvider time) : TroubleWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Since _since = new(time);
    private readonly long _start = time.GetTimestamp();

    public override string Kind => "server-lost";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken)
    {
        var lost = accounts.All.Select(account => account.Server).Where(probe.IsDoubtful).Select(server => server.Host).Distinct(StringComparer.OrdinalIgnoreCase);
        var isNew = time.GetElapsedTime(_start) < Patience;
        return Task.FromResult(new Sight([.. _since.Lasting(lost, Patience).Select(server => new Trouble(server,
            $"{server} has not answered properly for more than 10 minutes. What is to be sent there waits. Look whether the server is up and reachable from here."))])
        {
            IsUnknown = _ => isNew,
        });
    }
}

/// <summary>Events and runs that were set aside.</summary>
internal sealed class QuarantineWatch(Store store) : TroubleWatch
{
    private const int Most = 100;

    public override string Kind => "quarantined";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken)
    {
        var events = new EventQueries(store.Readers).ListSetAside(Most).Select(recorded => new Trouble($"event {recorded.Number}",
            $"Event {recorded.Number} of account {recorded.Account} could not be decided and was set aside. `quarantine list` says why, `quarantine retry event {recorded.Number}` tries again."));
        var runs = new RunQueries(store.Readers).ListSetAside(Most).Select(run => new Trouble($"run {run.RunId}",
            $"Run {run.RunId} of rule {run.RuleName} was set aside: the engine ended at it again and again. Once the cause is mended, `quarantine retry run {run.RunId}` goes on with it."));
        IReadOnlyList<Trouble> seen = [.. events, .. runs];

        // Those that fell out of a full list are set aside as before.
        return Task.FromResult(new Sight(seen) { IsUnknown = subject => seen.Count(trouble => KindOf(trouble.Subject) == KindOf(subject)) >= Most });

        static string KindOf(string subject) => subject.Split(' ')[0];
    }
}

/// <summary>Posts of which nobody knows for more than an hour whether they arrived.</summary>
internal sealed class UncertainWatch(Store store, TimeProvider time) : TroubleWatch
{
    private const int Most = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public override string Kind => "uncertain";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Patience;
        return Task.FromResult(new Sight([.. new RunQueries(store.Readers).ListUncertain(Most).Where(step => step.At < before).Select(step => new Trouble($"run {step.RunId} {step.Path}",
            $"Nobody knows whether what run {step.RunId} of rule {step.RuleName} sent for account {step.Account} at {step.Path} arrived. `uncertain list` shows it; look at Misskey, then say it with `uncertain settle {step.RunId}`."))]));
    }
}

/// <summary>Changed rules that have errors.</summary>
internal sealed class RulesWatch(RuleFindings findings) : TroubleWatch
{
    public override string Kind => "rules-broken";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(findings.IsBroken
        ? new Sight([new Trouble("rules", "The changed rules have errors; the last good ones stay in force. `validate` shows where.")]) : Sight.Clear);
}

/// <summary>Accounts that cannot look for what webhooks missed.</summary>
internal sealed class CatchUpWatch(CatchUp catchUp, AccountDirectory accounts) : TroubleWatch
{
    public override string Kind => "catch-up-refused";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(
        new Sight([.. catchUp.Refused.Select(refused => new Trouble(refused.Key,
            $"Account {refused.Key} cannot catch up on what webhooks miss: {refused.Value} Give its token the permission, or set `catch-up: off` for it."))])
        {
            IsUnknown = account => accounts.Find(account)?.CatchUp is not null && !catchUp.HasLooked(account),
        });
}

/// <summary>Since when each of some things is seen without a break.</summary>
internal sealed class Since(TimeProvider time)
{
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <summary>Those that have been seen for so long.</summary>
    public IReadOnlyList<string> Lasting(IEnumerable<string> seen, TimeSpan atLeast)
    {
        var now = seen.ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _since.Keys.Where(name => !now.Contains(name)).ToList())
        {
            _since.Remove(gone);
        }

        foreach (var name in now)
        {
            _since.TryAdd(name, time.GetTimestamp());
        }

        return [.. now.Where(name => time.GetElapsedTime(_since[name]) >= atLeast).Order(StringComparer.Ordinal)];
    }
}
