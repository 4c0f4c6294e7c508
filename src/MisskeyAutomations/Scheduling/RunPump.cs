using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Scheduling;

/// <summary>Executes leased runs, so many at a time, and claims what is due.</summary>
internal sealed partial class RunPump(
    IRunStore store, LeasedRuns leased, RunExecutor executor, ILogger<RunPump> logger, TimeProvider time) : BackgroundService
{
    private const int Workers = 64;
    private const int ClaimSize = 200;

    // A request that is on its way when the program is told to end is given time for its answer: without it, its effect is unknown.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Claims one run that an alarm rang for.</summary>
    public async Task RingAsync(long runId, CancellationToken cancellationToken)
    {
        if (await store.ClaimAsync(runId, cancellationToken) is { } run)
        {
            await leased.AddAsync(run, cancellationToken);
        }
    }

    /// <summary>Claims everything that is due.</summary>
    public async Task ClaimDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Run> due;
        do
        {
            due = await store.ClaimDueAsync(ClaimSize, cancellationToken);
            foreach (var run in due)
            {
                await leased.AddAsync(run, cancellationToken);
            }
        }
        while (due.Count == ClaimSize);
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
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await foreach (var run in leased.ReadAllAsync(cancellationToken))
        {
            await MoveAsync(run, cancellationToken, _ending.Token);
        }
    }

    private async Task MoveAsync(Run run, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var span = Spans.Work(run.Id, run.RuleName, run.Account, run.DeliveryId, run.WaitsFor != WaitReason.None);
        try
        {
            var moved = await executor.ExecuteAsync(run, stopping, cancellationToken);
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

    [LoggerMessage(303, LogLevel.Error, "The end of run {RunId} could not be saved; it is taken up again when its lease runs out")]
    private partial void LogNotEnded(Exception trouble, long runId);
}
