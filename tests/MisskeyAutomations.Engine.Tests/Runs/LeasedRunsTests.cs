using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class LeasedRunsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_take_turns_however_much_one_has_to_do()
    {
        await using var hands = new Hands();
        hands.Add("busy", "a", 10);
        hands.Add("quiet", "b", 2);

        await hands.TakeAsync(4);

        Assert.Equal(["busy", "quiet", "busy", "quiet"], hands.Taken.Select(run => run.Account));
    }

    [Fact]
    public async Task Rules_of_an_account_take_turns()
    {
        await using var hands = new Hands();
        hands.Add("main", "a", 10);
        hands.Add("main", "b", 2);

        await hands.TakeAsync(4);

        Assert.Equal(["a", "b", "a", "b"], hands.Taken.Select(run => run.RuleName));
    }

    [Fact]
    public async Task The_runs_of_a_rule_come_in_the_order_in_which_they_were_handed_over()
    {
        await using var hands = new Hands();
        hands.Add("main", "a", 40);

        await hands.TakeAsync(40);

        Assert.Equal(Enumerable.Range(1, 40).Select(id => (long)id), hands.Taken.Select(run => run.Id));
    }

    [Fact]
    public async Task A_rule_that_is_slow_leaves_hands_free_for_the_others_of_its_account()
    {
        await using var hands = new Hands();
        hands.Add("main", "slow", LeasedRuns.RuleShare + 10);
        await hands.TakeAsync(LeasedRuns.RuleShare);
        hands.Add("main", "quick", 1);

        await hands.TakeAsync(1);

        Assert.Equal("quick", hands.Taken[^1].RuleName);
        Assert.False(await hands.TakesMoreAsync());
    }

    [Fact]
    public async Task An_account_whose_server_is_slow_leaves_hands_free_for_the_others()
    {
        await using var hands = new Hands();
        hands.Add("slow", "a", LeasedRuns.AccountShare);
        hands.Add("slow", "b", LeasedRuns.AccountShare);
        await hands.TakeAsync(LeasedRuns.AccountShare);
        hands.Add("quick", "a", 1);

        await hands.TakeAsync(1);

        Assert.Equal("quick", hands.Taken[^1].Account);
        Assert.False(await hands.TakesMoreAsync());
    }

    [Fact]
    public async Task What_is_finished_lets_the_next_one_of_its_rule_and_account_begin()
    {
        await using var hands = new Hands();
        hands.Add("main", "a", LeasedRuns.RuleShare + 1);
        hands.Add("main", "b", LeasedRuns.AccountShare);
        await hands.TakeAsync(LeasedRuns.AccountShare);
        Assert.False(await hands.TakesMoreAsync());

        foreach (var run in hands.Taken.ToList())
        {
            hands.Leased.Finish(run);
        }

        await hands.TakeAsync(LeasedRuns.RuleShare + 1);
        Assert.False(await hands.TakesMoreAsync());
    }

    [Fact]
    public async Task An_account_with_too_many_is_full_until_half_of_them_are_taken()
    {
        await using var hands = new Hands();
        hands.Add("main", "a", LeasedRuns.Capacity - 1);
        Assert.Empty(hands.Leased.Full);
        hands.Add("main", "a", 1);
        Assert.Equal(["main"], hands.Leased.Full);
        hands.Leased.LeaveBehind(hands.Leased.Full);
        var room = hands.Leased.WaitForRoomAsync(Token);

        await hands.TakeAndFinishAsync((LeasedRuns.Capacity / 2) - 1);
        Assert.Empty(hands.Leased.Full);
        Assert.False(room.IsCompleted);
        await hands.TakeAndFinishAsync(1);

        await room;
    }

    [Fact]
    public async Task What_is_left_behind_when_there_is_room_again_is_told_at_once()
    {
        await using var hands = new Hands();

        hands.Leased.LeaveBehind(["main"]);

        await hands.Leased.WaitForRoomAsync(Token);
    }

    /// <summary>Takes runs as the pump does.</summary>
    private sealed class Hands : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Run> _runs;
        private readonly CancellationTokenSource _end = new();
        private Task<bool>? _next;
        private long _last;

        public Hands() => _runs = Leased.ReadAllAsync(_end.Token).GetAsyncEnumerator(Token);

        public LeasedRuns Leased { get; } = new();

        public List<Run> Taken { get; } = [];

        public void Add(string account, string rule, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Leased.Add(new Run
                {
                    Id = ++_last,
                    Account = account,
                    DeliveryId = 1,
                    Subject = "note:1",
                    RuleName = rule,
                    RuleHash = "",
                    State = RunState.Running,
                    EventAt = DateTimeOffset.UnixEpoch,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                });
            }
        }

        public async Task TakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await (_next ?? _runs.MoveNextAsync().AsTask());
                _next = null;
                Taken.Add(_runs.Current);
            }
        }

        public async Task TakeAndFinishAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await TakeAsync(1);
                Leased.Finish(Taken[^1]);
            }
        }

        // What can be taken is taken without waiting.
        public Task<bool> TakesMoreAsync()
        {
            _next ??= _runs.MoveNextAsync().AsTask();
            return Task.FromResult(_next.IsCompleted);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await (_next ?? Task.FromResult(true)).ContinueWith(static _ => { }, TaskScheduler.Default);
            await _runs.DisposeAsync();
            _end.Dispose();
        }
    }
}
