using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Control;

/// <summary>What people order about single runs. Whatever is due by it goes on at once.</summary>
internal sealed class RunOrders(
    UncertainRuns uncertain, Quarantine quarantine, OrderedRuns ordered, RunQueries runs, RuleVersions versions, IAlarm alarm, RunPump pump)
{
    /// <summary>Settles a step that was sent and never confirmed.</summary>
    public async Task<SettlementAnswer> SettleAsync(long run, string? step, Settlement settlement, CancellationToken cancellationToken)
    {
        var answer = await uncertain.SettleAsync(run, step, settlement, cancellationToken);
        await pump.ClaimDueAsync(cancellationToken);
        return answer;
    }

    /// <summary>Lets a failed run go on where it failed, or one that was set aside where it stood.</summary>
    public async Task<RetryAnswer> RetryAsync(long run, CancellationToken cancellationToken)
    {
        var answer = await quarantine.RetryRunAsync(run, cancellationToken) ? RetryAnswer.GoesOn : await RetryFailedAsync(run, cancellationToken);
        await pump.ClaimDueAsync(cancellationToken);
        return answer;
    }

    /// <summary>The same for one that was set aside alone. False when it is none.</summary>
    public async Task<bool> RetrySetAsideAsync(long run, CancellationToken cancellationToken)
    {
        var isLetGo = await quarantine.RetryRunAsync(run, cancellationToken);
        await pump.ClaimDueAsync(cancellationToken);
        return isLetGo;
    }

    /// <summary>Gives up a run that was set aside. False when it is none.</summary>
    public Task<bool> DropAsync(long run, CancellationToken cancellationToken) => quarantine.DropRunAsync(run, cancellationToken);

    /// <summary>Ends a run.</summary>
    public async Task<CancelAnswer> CancelAsync(long run, CancellationToken cancellationToken)
    {
        var (answer, rings) = await ordered.CancelAsync(run, cancellationToken);
        foreach (var (other, dueAt) in rings)
        {
            await alarm.ArmAsync(other, dueAt, cancellationToken);
        }

        return answer;
    }

    private async Task<RetryAnswer> RetryFailedAsync(long id, CancellationToken cancellationToken)
    {
        if (runs.Find(id) is not { } run)
        {
            return RetryAnswer.NoRun;
        }

        return await versions.FindAsync(run.Rule, run.RuleHash, cancellationToken) is { } version
            ? await ordered.RetryAsync(id, version.Rule.ResolvedText, cancellationToken) : RetryAnswer.RuleIsGone;
    }
}
