namespace MisskeyAutomations.Storage;

/// <summary>Wakes those who wait for something to arrive. Signalling costs next to nothing while nobody waits.</summary>
internal sealed class Arrivals
{
    private TaskCompletionSource? _waiting;

    /// <summary>Completes at the next signal. To miss none: take it, look, and only then wait for it.</summary>
    public Task Next
    {
        get
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _waiting, fresh, null) ?? fresh).Task;
        }
    }

    public void Signal()
    {
        if (Volatile.Read(ref _waiting) is not null)
        {
            Interlocked.Exchange(ref _waiting, null)?.SetResult();
        }
    }
}
