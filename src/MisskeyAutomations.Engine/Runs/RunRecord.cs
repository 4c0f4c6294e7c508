namespace MisskeyAutomations.Engine.Runs;

/// <summary>Writes down how runs stand, tells of it, and rings for others that are due by it.</summary>
internal sealed class RunRecord(IRunStore store, IAlarm alarm, LiveFeed feed, TimeProvider time)
{
    // How long the outcome of a request is held in hand when it cannot be saved: well within the lease.
    private static readonly TimeSpan LongestSaving = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Saves what became of a request, even while the program is being ended, and however the store is just then: without it, nobody would
    /// know any more whether it had an effect.
    /// </summary>
    public async Task<Run> SaveOutcomeAsync(RunWork work, Taken taken, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause *= 2)
        {
            try
            {
                return await SaveAsync(work, taken, CancellationToken.None);
            }
            catch (Exception trouble) when (trouble is not LeaseLostException
                && !cancellationToken.IsCancellationRequested && time.GetElapsedTime(begin) + pause < LongestSaving)
            {
                await Task.Delay(pause, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Saves a run at its steps. One that fails goes on with <c>on-error</c>, where its rule has it.</summary>
    public async Task<Run> SaveAsync(RunWork work, Taken taken, CancellationToken cancellationToken)
    {
        if (taken.IsSaved)
        {
            feed.Tell(taken.Run, taken.Step);
            return taken.Run;
        }

        var (run, failure) = OnError.Turn(work, taken.Run, taken.Step, time.GetUtcNow());
        var whole = taken.Step is null ? run : run.With(taken.Step);
        return await TellAsync(
            await store.SaveAsync(whole, [.. ((Step?[])[taken.Step, failure]).OfType<Step>()], cancellationToken), taken.Step, cancellationToken);
    }

    /// <summary>Saves a run, and a step of it.</summary>
    public async Task<Run> SaveAsync(Run run, Step? step, CancellationToken cancellationToken) => await TellAsync(
        await store.SaveAsync(step is null ? run : run.With(step), step is null ? [] : [step], cancellationToken), step, cancellationToken);

    /// <summary>Tells of what is saved, and rings for what is due by it.</summary>
    public async Task<Run> TellAsync(Saved saved, Step? step, CancellationToken cancellationToken)
    {
        feed.Tell(saved.Run, step);
        await RingAsync(saved.Rings, cancellationToken);
        return saved.Run;
    }

    /// <summary>Rings for other runs.</summary>
    public async Task RingAsync(IReadOnlyList<Ring> rings, CancellationToken cancellationToken)
    {
        foreach (var (runId, dueAt) in rings)
        {
            await alarm.ArmAsync(runId, dueAt, cancellationToken);
        }
    }
}
