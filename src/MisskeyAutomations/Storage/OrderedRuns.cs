using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Ends or repeats single runs, as a person orders.</summary>
internal sealed class OrderedRuns(Store store)
{
    private const string Cancelled = "a person ended it";

    /// <summary>
    /// Ends a run that has not ended. One that is at work ends before its next step; what is on its way stays so. What was sent and never confirmed
    /// can still be settled.
    /// </summary>
    /// <returns>What became of the order, and runs that are due sooner by it.</returns>
    public Task<(CancelAnswer Answer, IReadOnlyList<Ring> Rings)> CancelAsync(long runId, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => Cancel(db, runId, store.Time.GetUtcNow()), cancellationToken);

    /// <summary>
    /// Lets a failed run go on at the step that failed, which is prepared anew unless it may have had an effect: then the same request is sent again. Its
    /// event is not late by that, and limits do not know the run any more.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="ruleText">The text of the rule's version that it is on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<RetryAnswer> RetryAsync(long runId, string ruleText, CancellationToken cancellationToken) =>
        store.Writer.RunAsync(db => Retry(db, runId, ruleText, store.Time.GetUtcNow()), cancellationToken);

    private static (CancelAnswer Answer, IReadOnlyList<Ring> Rings) Cancel(WriterConnection db, long runId, DateTimeOffset now)
    {
        if (RunRows.Load(db, runId) is not { } run)
        {
            return (CancelAnswer.NoRun, []);
        }

        if (run.HasEnded)
        {
            return (CancelAnswer.HasEnded, []);
        }

        const string End = """
            update runs set state = ?, waits_for = 0, due_at = null, wake_at = null, waits_since = null, reason = ?, epoch = epoch + 1 where id = ? and lease is null
            returning stop, overlap
            """;
        if (db.Sql(End).Bind((long)RunState.Cancelled).Bind(Cancelled).Bind(runId).First(static row => new HeldRun(row.TextOrNull(0), row.TextOrNull(1))) is not { } held)
        {
            db.Sql("update runs set stop = ? where id = ?").Bind(Cancelled).Bind(runId).Run();
            return (CancelAnswer.Stopping, []);
        }

        var ended = run.End(RunState.Cancelled, Cancelled);
        db.Tally.CountEnded(ended, now);
        return (CancelAnswer.Cancelled, SavedRuns.Release(db, ended, held.Turn, now));
    }

    private static RetryAnswer Retry(WriterConnection db, long runId, string ruleText, DateTimeOffset now)
    {
        if (RunRows.Load(db, runId) is not { } run)
        {
            return RetryAnswer.NoRun;
        }

        if (run.State != RunState.Failed)
        {
            return RetryAnswer.HasNotFailed;
        }

        if (run.IsOnError)
        {
            return RetryAnswer.TookOnError;
        }

        // A step of unknown effect is a person's to settle, and may be what the run failed of in other words.
        if (run.Steps.Values.Where(step => step.State == StepState.Failed && step.Reason == run.Reason).MaxBy(step => step.At) is { } failed)
        {
            BeginAnew(db, runId, failed, now);
        }

        const string GoOn = """
            update runs set state = ?, waits_for = 0, due_at = ?, wake_at = ?, waited = ?, attempts = 0, reason = null, stop = null, epoch = epoch + 1 where id = ?
            """;
        var waited = now - run.EventAt is var age && age > run.Waited ? age : run.Waited;
        db.Names.Version(run.RuleName, run.RuleHash, ruleText);
        db.Sql(GoOn).Bind((long)RunState.Ready).Bind(now).Bind(now).Bind((long)waited.TotalMilliseconds).Bind(runId).Run();
        return RetryAnswer.GoesOn;
    }

    private static void BeginAnew(WriterConnection db, long runId, Step failed, DateTimeOffset now)
    {
        if (failed is { HadEffect: true, Intent: not null })
        {
            StepRows.Save(db, runId, failed with { State = StepState.Pending, Reason = null, At = now });
            return;
        }

        db.Sql("delete from steps where run = ? and path = ?").Bind(runId).Bind(failed.Path).Run();
    }
}

/// <summary>What became of an order to end a run.</summary>
internal enum CancelAnswer
{
    /// <summary>It has ended.</summary>
    Cancelled,

    /// <summary>It is at work, and ends before its next step.</summary>
    Stopping,

    /// <summary>There is no such run.</summary>
    NoRun,

    /// <summary>It had ended before.</summary>
    HasEnded,
}

/// <summary>What became of an order to go on with a failed run.</summary>
internal enum RetryAnswer
{
    /// <summary>It goes on.</summary>
    GoesOn,

    /// <summary>There is no such run.</summary>
    NoRun,

    /// <summary>It did not fail.</summary>
    HasNotFailed,

    /// <summary>Its rule had steps for that, and took them.</summary>
    TookOnError,

    /// <summary>Nobody knows any more what its rule said.</summary>
    RuleIsGone,
}
