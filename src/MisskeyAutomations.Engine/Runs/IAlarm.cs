namespace MisskeyAutomations.Engine.Runs;

/// <summary>Rings when a waiting run is due. The run's row stays the truth: a ring only says "look now", and may be late or missing.</summary>
public interface IAlarm
{
    /// <summary>Rings for the run at that time, or soon after if it lies in the past; replaces an earlier alarm of the run.</summary>
    Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken);
}
