namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>Lets at most so many deliveries start in each second, as the job queue of Misskey does.</summary>
internal sealed class StartLimit(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private DateTimeOffset _windowStart;
    private int _started;

    /// <summary>For one caller at a time.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            if (now - _windowStart >= Window)
            {
                _windowStart = now;
                _started = 0;
            }
            if (_started < perSecond)
            {
                _started++;
                return;
            }
            await Task.Delay(_windowStart + Window - now, time, cancellationToken);
        }
    }
}
