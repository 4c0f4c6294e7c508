using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Settles what nobody but a person can know.</summary>
internal sealed class UncertainRuns(Store store)
{
    /// <summary>Settles the uncertain step of a run. The run is due then, if it waited for that.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="path">The step; null when it is the only one.</param>
    /// <param name="settlement">What the person says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SettlementAnswer> SettleAsync(long runId, string? path, Settlement settlement, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => Settle(db, runId, path, settlement, store.Time.GetUtcNow()), cancellationToken);

    private static SettlementAnswer Settle(WriterConnection db, long runId, string? path, Settlement settlement, DateTimeOffset now)
    {
        if (RunRows.Load(db, runId) is not { } run)
        {
            return SettlementAnswer.NoRun;
        }

        var doubtful = run.Steps.Values.Where(step => step.State == StepState.Uncertain && (path is null || step.Path == path)).ToList();
        if (doubtful is not [var step])
        {
            return doubtful.Count == 0 ? SettlementAnswer.NothingUncertain : SettlementAnswer.Several;
        }

        // What a look finds just now would be written over by a person's word, or the other way round.
        if (run is { State: RunState.Running, WaitsFor: WaitReason.Uncertain })
        {
            return SettlementAnswer.AtWork;
        }

        var waits = run is { State: RunState.Waiting, WaitsFor: WaitReason.Uncertain };
        if (!waits && settlement == Settlement.Again)
        {
            return SettlementAnswer.GoneOn;
        }

        var settled = step.Settle(settlement, now);
        StepRows.Save(db, runId, settled);
        db.Tally.CountSent(run, settled, now);
        if (waits)
        {
            db.Sql("update runs set due_at = ?, wake_at = ? where id = ?").Bind(now).Bind(now).Bind(runId).Run();
        }

        return SettlementAnswer.Settled;
    }
}

/// <summary>What became of a settlement.</summary>
internal enum SettlementAnswer
{
    /// <summary>It holds.</summary>
    Settled,

    /// <summary>There is no such run.</summary>
    NoRun,

    /// <summary>The run has no such uncertain step.</summary>
    NothingUncertain,

    /// <summary>The run has several: one must be named.</summary>
    Several,

    /// <summary>It is being looked for at this moment.</summary>
    AtWork,

    /// <summary>The run has gone on without the step, which cannot be sent any more.</summary>
    GoneOn,
}
