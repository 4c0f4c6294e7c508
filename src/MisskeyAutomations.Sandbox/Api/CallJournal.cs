namespace MisskeyAutomations.Sandbox.Api;

/// <summary>The last calls, oldest first; older ones are forgotten so that a long load test does not fill the memory.</summary>
internal sealed class CallJournal(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<ApiCall> _calls = new();

    public event Action<ApiCall>? Called;

    public ApiCall[] ToArray()
    {
        lock (_gate)
        {
            return [.. _calls];
        }
    }

    public void Add(ApiCall call)
    {
        lock (_gate)
        {
            if (_calls.Count == capacity)
            {
                _calls.Dequeue();
            }
            _calls.Enqueue(call);
        }
        Called?.Invoke(call);
    }
}
