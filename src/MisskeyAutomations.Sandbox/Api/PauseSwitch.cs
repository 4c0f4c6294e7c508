namespace MisskeyAutomations.Sandbox.Api;

/// <summary>While on, calls wait: a server that is stopped in the middle of its work, with its port still open.</summary>
internal sealed class PauseSwitch
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _resumed;

    public bool IsOn
    {
        get
        {
            lock (_gate)
            {
                return _resumed is not null;
            }
        }
        set
        {
            lock (_gate)
            {
                if (value)
                {
                    _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else
                {
                    _resumed?.TrySetResult();
                    _resumed = null;
                }
            }
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _resumed is null ? Task.CompletedTask : _resumed.Task.WaitAsync(cancellationToken);
        }
    }
}
