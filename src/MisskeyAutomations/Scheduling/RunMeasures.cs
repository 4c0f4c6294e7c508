using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Scheduling;

/// <summary>Counts what becomes of runs and steps.</summary>
internal sealed class RunMeasures(LiveFeed feed) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Changed += Count;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Changed -= Count;
        return Task.CompletedTask;
    }

    private static void Count(Run run, Step? step)
    {
        if (step is { IsOver: true } or { State: StepState.Uncertain })
        {
            Measures.Took(step.Kind, Word(step.State));
        }

        if (run.HasEnded)
        {
            Measures.Ended(run.RuleName, Word(run.State));
        }
    }

    private static string Word(StepState state) => state switch
    {
        StepState.Done => "done",
        StepState.Skipped => "skipped",
        StepState.Failed => "failed",
        _ => "uncertain",
    };

    private static string Word(RunState state) => state switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Skipped => "skipped",
        RunState.Failed => "failed",
        _ => "cancelled",
    };
}
