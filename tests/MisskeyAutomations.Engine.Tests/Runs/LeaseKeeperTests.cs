using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>The lease of a run while a request of it is on its way.</summary>
public sealed class LeaseKeeperTests
{
    private static readonly Run SomeRun = new()
    {
        Id = 7,
        Account = "main",
        DeliveryId = 1,
        Subject = "note:1",
        RuleName = "pong",
        RuleHash = "hash",
        State = RunState.Running,
        EventAt = DateTimeOffset.UnixEpoch,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryRunStore _store;
    private CancellationToken _ended;
    private int _renewals;

    public LeaseKeeperTests() => _store = new(_time) { FaultOfRenewing = Count };

    [Fact]
    public async Task It_is_renewed_each_half_minute_until_the_answer_comes()
    {
        var keeping = Keep();

        await PassAsync(seconds: 30, until: () => _renewals == 1);
        await PassAsync(seconds: 30, until: () => _renewals == 2);
        _answer.SetResult("here");

        Assert.Equal("here", await keeping);
        Assert.False(_ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Whoever_has_lost_it_gives_the_request_up_and_says_nothing_about_it()
    {
        _store.FaultOfRenewing = () => new LeaseLostException(SomeRun.Id);
        var keeping = Keep();

        await PassAsync(seconds: 30, until: () => _ended.IsCancellationRequested);

        await Assert.ThrowsAsync<LeaseLostException>(() => keeping);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_is_tried_again_and_the_request_given_up_before_the_lease_ends()
    {
        _store.FaultOfRenewing = () => Count() ?? new IOException("the disk is full");
        var keeping = Keep();

        await PassAsync(seconds: 30, until: () => _renewals == 1);
        Assert.False(_ended.IsCancellationRequested);
        await PassAsync(seconds: 30, until: () => _ended.IsCancellationRequested);

        await Assert.ThrowsAsync<LeaseLostException>(() => keeping);
    }

    private Task<string> Keep() => new LeaseKeeper(_store, _time).KeepAsync(SomeRun, _time.GetTimestamp(), AnswerAsync, TestContext.Current.CancellationToken);

    private async Task<string> AnswerAsync(CancellationToken cancellationToken)
    {
        _ended = cancellationToken;
        return await _answer.Task.WaitAsync(cancellationToken);
    }

    private Exception? Count()
    {
        _renewals++;
        return null;
    }

    // All of it happens on this thread, or the thread pool's: it is waited for.
    private async Task PassAsync(int seconds, Func<bool> until)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        while (!until())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
