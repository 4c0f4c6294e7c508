using System.Collections.Concurrent;
using System.Threading.Channels;
using Channel = System.Threading.Channels.Channel;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>
/// Delivers webhooks as Misskey's job queue does: at most so many in flight and so many starts per second for the whole
/// server, later tries by <see cref="RetrySchedule"/>. Order is not kept.
/// </summary>
internal sealed class DeliveryQueue : IAsyncDisposable
{
    private readonly WorldState _state;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly DeliveryRequest _request;
    private readonly StartLimit _starts;
    private readonly SemaphoreSlim _slots;
    private readonly int _concurrency;
    private readonly Channel<Delivery> _due = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<Delivery, ITimer> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _settling = new();
    private readonly Task _pump;
    private TaskCompletionSource? _settled;
    private int _unsettled;

    public DeliveryQueue(WorldState state, SandboxOptions options)
    {
        _state = state;
        _time = options.TimeProvider;
        _jitter = new Random(options.Seed);
        _request = new DeliveryRequest(options.DeliveryTimeout, options.TimeProvider);
        _starts = new StartLimit(options.DeliveriesPerSecond, options.TimeProvider);
        _concurrency = options.DeliveryConcurrency;
        _slots = new SemaphoreSlim(_concurrency, _concurrency);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>While on, nothing is sent: the process that would is gone, and what is due waits in its database.</summary>
    public PauseSwitch Pause { get; } = new();

    /// <summary>Raised after every try, when its retry, if any, is already set.</summary>
    public event Action<DeliveryAttempt>? Attempted;

    /// <summary>Deliveries that failed and wait for their next try.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>Drops what waits for its next try, as Misskey does after the last.</summary>
    public void GiveUp()
    {
        foreach (var delivery in _waiting.Keys)
        {
            if (_waiting.TryRemove(delivery, out var timer))
            {
                timer.Dispose();
            }
        }
    }

    public void Add(Delivery delivery)
    {
        lock (_settling)
        {
            _unsettled++;
        }
        _due.Writer.TryWrite(delivery);
    }

    /// <summary>Completes as soon as nothing is due or in flight. Deliveries that wait for a retry do not count.</summary>
    public Task SettledAsync(CancellationToken cancellationToken)
    {
        lock (_settling)
        {
            if (_unsettled == 0)
            {
                return Task.CompletedTask;
            }
            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _due.Writer.TryComplete();
        await _pump;
        for (var i = 0; i < _concurrency; i++)
        {
            await _slots.WaitAsync();
        }
        foreach (var timer in _waiting.Values)
        {
            await timer.DisposeAsync();
        }
        _request.Dispose();
        _slots.Dispose();
        _stopping.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var delivery in _due.Reader.ReadAllAsync(_stopping.Token))
            {
                await Pause.WaitAsync(_stopping.Token);
                await _slots.WaitAsync(_stopping.Token);
                await _starts.WaitAsync(_stopping.Token);
                _ = AttemptAsync(delivery);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops; what is still due is lost, as with a Misskey whose queue is not persistent.
        }
    }

    private async Task AttemptAsync(Delivery delivery)
    {
        try
        {
            var status = await _request.SendAsync(delivery, _state.Host, _stopping.Token);
            TimeSpan? retryIn = RetrySchedule.IsRetried(status) && delivery.Attempt < delivery.MaximumAttempts
                ? RetrySchedule.DelayAfter(delivery.Attempt, NextJitter())
                : null;
            DateTimeOffset now;
            lock (_state.Gate)
            {
                now = _state.Now;
                delivery.Hook.LatestSentAt = now;
                delivery.Hook.LatestStatus = status;
            }
            if (retryIn is { } delay)
            {
                RetryAfter(delay, delivery with { Attempt = delivery.Attempt + 1 });
            }
            Settle();
            Attempted?.Invoke(new DeliveryAttempt(now, delivery.Hook.Id, delivery.EventId, delivery.Type, delivery.Attempt, status, retryIn));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops in the middle of a delivery.
        }
        finally
        {
            _slots.Release();
        }
    }

    private void RetryAfter(TimeSpan delay, Delivery delivery)
    {
        // Made stopped and started afterwards: a timer that rings at once would else look for itself too early.
        var timer = _time.CreateTimer(_ => Ring(delivery), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _waiting[delivery] = timer;
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Ring(Delivery delivery)
    {
        if (_waiting.TryRemove(delivery, out var timer))
        {
            timer.Dispose();
            Add(delivery);
        }
    }

    private void Settle()
    {
        lock (_settling)
        {
            if (--_unsettled == 0)
            {
                _settled?.TrySetResult();
                _settled = null;
            }
        }
    }

    private double NextJitter()
    {
        lock (_jitter)
        {
            return _jitter.NextDouble();
        }
    }
}
