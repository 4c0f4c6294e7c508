using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Scheduling;

/// <summary>Executes leased runs as their turns come, and claims what is due.</summary>
internal sealed partial class RunPump(
    IRunStore store, IInbox inbox, LeasedRuns leased, RunExecutor executor, ILogger<RunPump> logger, TimeProvider time) : BackgroundService
{
    private const int ClaimSize = 200;

    // A store that can be written and yet not be used for this run is no trouble that passes.
    private const int MostResumptions = 10;

    // Of the 120 s that a lease lasts; what one renewal misses, the next ones do not.
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseInTrouble = TimeSpan.FromSeconds(1);

    // A request that is on its way when the program is told to end is given time for its answer: without it, its effect is unknown.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Claims one run that an alarm rang for.</summary>
    public async Task RingAsync(long runId, CancellationToken cancellationToken)
    {
        var full = leased.Full;
        if (await store.ClaimAsync(runId, full, cancellationToken) is { } run)
        {
            leased.Add(run);
        }
        else
        {
            leased.LeaveBehind(full);
        }
    }

    /// <summary>Claims everything that is due, as far as there is room for it; the rest is claimed as soon as there is.</summary>
    public async Task ClaimDueAsync(CancellationToken cancellationToken)
    {
        // What is in hand is not due, even when its lease ran out while the store could not be written or the process stood still.
        await RenewAsync(cancellationToken);
        IReadOnlyList<Run> due;
        IReadOnlyCollection<string> full;
        do
        {
            full = leased.Full;
            due = await store.ClaimDueAsync(ClaimSize, full, cancellationToken);
            foreach (var run in due)
            {
                leased.Add(run);
            }
        }
        while (due.Count == ClaimSize);
        leased.LeaveBehind(full);
    }

    public override void Dispose()
    {
        // Cancels what still runs, and with it asks for the end that is disposed of next.
        base.Dispose();
        _ending.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var _ = stoppingToken.Register(() => _ending.CancelAfter(Grace));
        await Task.WhenAll(WorkAsync(stoppingToken), FillAsync(stoppingToken), KeepAsync(stoppingToken));
    }

    // Each account has its share; there is no other bound on what is worked on at once.
    private async Task WorkAsync(CancellationToken stopping) => await Parallel.ForEachAsync(
        leased.ReadAllAsync(stopping), new ParallelOptions { MaxDegreeOfParallelism = int.MaxValue }, async (run, _) =>
        {
            await MoveAsync(run, stopping, _ending.Token);
            leased.Finish(run);
        });

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await leased.WaitForRoomAsync(cancellationToken);
            try
            {
                await ClaimDueAsync(cancellationToken);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // The sweep of the next minute finds what is due; before that, whoever has room asks again.
                LogNotClaimed(trouble);
                await Task.Delay(PauseInTrouble, time, cancellationToken);
            }
        }
    }

    // Behind a slow server runs wait for longer than a lease lasts, and nobody else is to take them meanwhile.
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(RenewalInterval, time, cancellationToken);
            try
            {
                await RenewAsync(cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                // The store has told it.
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                LogNotRenewed(trouble);
            }
        }
    }

    private Task RenewAsync(CancellationToken cancellationToken) =>
        leased.InHand is { Count: > 0 } inHand ? store.RenewAllAsync(inHand, cancellationToken) : Task.CompletedTask;

    private async Task MoveAsync(Run run, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var span = Spans.Work(run.Id, run.RuleName, run.Account, run.DeliveryId, run.WaitsFor != WaitReason.None);
        try
        {
            var moved = await ExecuteAsync(run, stopping, cancellationToken);
            span.End(moved.State.ToString().ToLowerInvariant(), isWell: moved.State != RunState.Failed);
            if (!moved.HasEnded)
            {
                Spans.KeepWaiting(span, run.Id);
            }
        }
        catch (LeaseLostException)
        {
            LogLeaseLost(run.Id, run.RuleName);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends; the run's row says where it goes on.
        }
        catch (RunFaultException stopped)
        {
            LogFailed(stopped.Fault, run.Id, run.RuleName);
            await EndAsync(stopped.Run, stopped.Fault);
        }
        catch (Exception fault)
        {
            LogFailed(fault, run.Id, run.RuleName);
            await EndAsync(run, fault);
        }
    }

    // Trouble with the disk is none of the run's: it is kept in hand and goes on where it stands.
    private async Task<Run> ExecuteAsync(Run run, CancellationToken stopping, CancellationToken cancellationToken)
    {
        for (var resumptions = 0; ; resumptions++)
        {
            try
            {
                return await executor.ExecuteAsync(run, stopping, cancellationToken);
            }
            catch (RunFaultException stopped) when (stopped.Fault is StoreUnavailableException && resumptions < MostResumptions)
            {
                run = stopped.Run;
            }
            catch (StoreUnavailableException) when (resumptions < MostResumptions)
            {
                // Before anything was done.
            }

            await WritableAsync(stopping);
        }
    }

    private async Task WritableAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(PauseInTrouble, time, cancellationToken);
            try
            {
                await inbox.ProbeAsync(cancellationToken);
                return;
            }
            catch (StoreUnavailableException)
            {
                // It is asked again.
            }
        }
    }

    // A fault of ours must not bring the run back for ever. When not even that can be written, its lease runs out and it is tried again.
    private async Task EndAsync(Run run, Exception fault)
    {
        try
        {
            var reason = $"an internal error: {fault.GetType().Name}";
            await store.SaveAsync(run.RetryInternally(reason, time.GetUtcNow()), [], CancellationToken.None);
        }
        catch (Exception trouble)
        {
            LogNotEnded(trouble, run.Id);
        }
    }

    [LoggerMessage(301, LogLevel.Warning, "Run {RunId} of rule {Rule} was taken over by another node")]
    private partial void LogLeaseLost(long runId, string rule);

    [LoggerMessage(302, LogLevel.Error, "Run {RunId} of rule {Rule} was stopped by an internal error")]
    private partial void LogFailed(Exception fault, long runId, string rule);

    [LoggerMessage(304, LogLevel.Error, "Runs that are due could not be claimed; it is tried again within a minute")]
    private partial void LogNotClaimed(Exception trouble);

    [LoggerMessage(2320, LogLevel.Error, "The leases of runs in hand could not be renewed; it is tried again in half a minute")]
    private partial void LogNotRenewed(Exception trouble);

    [LoggerMessage(303, LogLevel.Error, "The end of run {RunId} could not be saved; it is taken up again when its lease runs out")]
    private partial void LogNotEnded(Exception trouble, long runId);
}
