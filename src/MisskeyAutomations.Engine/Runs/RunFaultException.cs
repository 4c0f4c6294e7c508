namespace MisskeyAutomations.Engine.Runs;

/// <summary>A fault of ours stopped a run on its way.</summary>
/// <param name="run">The run as far as it had come: with the phase and the steps that were recorded.</param>
/// <param name="fault">The fault.</param>
public sealed class RunFaultException(Run run, Exception fault) : Exception($"Run {run.Id} was stopped by a fault: {fault.Message}", fault)
{
    /// <summary>The run as far as it had come.</summary>
    public Run Run { get; } = run;

    /// <summary>The fault.</summary>
    public Exception Fault { get; } = fault;
}
