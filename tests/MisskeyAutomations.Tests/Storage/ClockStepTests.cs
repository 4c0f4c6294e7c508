using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The machine's clock is put forward and back: what was reckoned from it moves along, what is a time of day stays.</summary>
public sealed class ClockStepTests : IDisposable
{
    private readonly SqliteUnderTest _under;
    private TimeSpan _up = TimeSpan.FromDays(1);

    public ClockStepTests()
    {
        _under = new(() => _up);
        _under.Store.Writer.Look();
    }

    public static TheoryData<double> Steps => [72, -2, -0.1, 24 * 365 * 56];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _under.Dispose();

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_wait_lasts_as_long_as_it_would_have(double hours)
    {
        var run = await _under.StartAsync(_under.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: _under.Now.AddSeconds(60)));
        Pass(TimeSpan.FromSeconds(20));

        await StepAsync(TimeSpan.FromHours(hours));

        Assert.Empty(await _under.Runs.ClaimDueAsync(10, [], Token));
        Pass(TimeSpan.FromSeconds(39));
        Assert.Empty(await _under.Runs.ClaimDueAsync(10, [], Token));
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(run.Id, Assert.Single(await _under.Runs.ClaimDueAsync(10, [], Token)).Id);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_budget_is_neither_refilled_nor_held_back(double hours)
    {
        var claim = new BudgetClaim("notes", 1, TimeSpan.FromMinutes(10), SkipWhenEmpty: true);
        Assert.True(await TakeAsync(claim));

        await StepAsync(TimeSpan.FromHours(hours));

        Assert.False(await TakeAsync(claim));
        Pass(TimeSpan.FromMinutes(9.9));
        Assert.False(await TakeAsync(claim));
        Pass(TimeSpan.FromMinutes(0.2));
        Assert.True(await TakeAsync(claim));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Who_waits_for_a_budget_keeps_the_place_and_who_comes_later_has_the_next(double hours)
    {
        var claim = new BudgetClaim("notes", 1, TimeSpan.FromMinutes(10), SkipWhenEmpty: false);
        var (first, step) = (_under.Now, TimeSpan.FromHours(hours));
        await AskAsync(claim);
        Assert.Equal(first.AddMinutes(10), await AskAsync(claim));
        Assert.Equal(first.AddMinutes(20), await AskAsync(claim));

        await StepAsync(step);

        Assert.Equal(first.AddMinutes(30) + step, await AskAsync(claim));
        Pass(TimeSpan.FromMinutes(10));
        Assert.Null(await AskAsync(claim));
        Assert.Equal(first.AddMinutes(40) + step, await AskAsync(claim));
    }

    [Fact]
    public async Task A_moment_that_a_rule_waits_for_stays()
    {
        var run = await _under.StartAsync();
        var step = _under.SomeStep(state: StepState.Pending) with { Kind = "wait-until", Intent = null };
        var until = _under.Now.AddHours(3);
        await _under.Runs.SaveAsync(run.With(step).Wait(WaitReason.Step, until), [step], Token);

        await StepAsync(TimeSpan.FromHours(2));

        Pass(TimeSpan.FromMinutes(59));
        Assert.Empty(await _under.Runs.ClaimDueAsync(10, [], Token));
        Pass(TimeSpan.FromMinutes(2));
        Assert.Single(await _under.Runs.ClaimDueAsync(10, [], Token));
    }

    [Fact]
    public async Task Sleep_and_drift_are_no_steps()
    {
        await _under.StartAsync(_under.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: _under.Now.AddHours(8)));

        Pass(TimeSpan.FromHours(7));
        for (var look = 0; look < 10; look++)
        {
            await StepAsync(TimeSpan.FromSeconds(1));
        }

        Pass(TimeSpan.FromHours(1));
        Assert.Single(await _under.Runs.ClaimDueAsync(10, [], Token));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(72)]
    public async Task What_was_stale_by_a_wrong_clock_is_decided_once_it_is_right(double hours)
    {
        var right = _under.Now;
        await StepAsync(TimeSpan.FromHours(hours));
        await _under.Inbox.AddAsync(StoreUnderTest.Some("e1", createdAt: right.ToUnixTimeMilliseconds()) with { ReceivedAt = _under.Now }, Token);
        var delivery = Assert.Single(await _under.Inbox.TakeAsync(0, 10, Token));
        await _under.Inbox.CompleteAsync(_under.DecisionOf(delivery) with { State = DeliveryState.Stale }, Token);
        Assert.Equal(0, await ReopenAsync());

        await StepAsync(TimeSpan.FromHours(-hours));

        Assert.Equal(1, await ReopenAsync());
        Assert.Equal(_under.Now, Assert.Single(await _under.Inbox.TakeAsync(0, 10, Token)).ReceivedAt);
        Assert.Equal(0, await ReopenAsync());
    }

    [Fact]
    public async Task What_is_really_old_stays_stale()
    {
        await _under.Inbox.AddAsync(StoreUnderTest.Some("e1", createdAt: _under.Now.AddDays(-3).ToUnixTimeMilliseconds()), Token);
        var delivery = Assert.Single(await _under.Inbox.TakeAsync(0, 10, Token));
        await _under.Inbox.CompleteAsync(_under.DecisionOf(delivery) with { State = DeliveryState.Stale }, Token);

        await StepAsync(TimeSpan.FromHours(-2));
        await StepAsync(TimeSpan.FromHours(3));

        Assert.Equal(0, await ReopenAsync());
    }

    [Fact]
    public async Task What_would_not_come_back_is_dropped_a_day_after_a_great_step()
    {
        await _under.DecideAsync();
        await _under.DecideAsync();
        using var retention = new Retention(_under.Store, Microsoft.Extensions.Options.Options.Create(_under.Options), _under.Time, NullLogger<Retention>.Instance);

        await StepAsync(TimeSpan.FromDays(365 * 70));
        var during = await retention.DropAsync(() => Task.CompletedTask, Token);
        Pass(TimeSpan.FromHours(25));
        var after = await retention.DropAsync(() => Task.CompletedTask, Token);

        Assert.Equal(((0, 0), (2, 1)), (during, after));
    }

    private void Pass(TimeSpan time)
    {
        _up += time;
        _under.Time.Advance(time);
    }

    // The clock alone.
    private async Task StepAsync(TimeSpan step)
    {
        _under.Time.AdjustTime(_under.Now + step);
        await _under.Store.Writer.RunAsync(_ => { }, Token);
    }

    private async Task<bool> TakeAsync(BudgetClaim claim) => await AskAsync(claim) is null;

    // When it is to ask again; null when it was given a token.
    private async Task<DateTimeOffset?> AskAsync(BudgetClaim claim)
    {
        var run = await _under.StartAsync();
        var step = _under.SomeStep();
        var answer = await _under.Runs.SaveIntentAsync(run.With(step), step, [claim], Token);
        return answer.EmptyBucket is null ? null : answer.FreeAt;
    }

    private Task<int> ReopenAsync() => new StoreLookout(
        _under.Store, (StoredInbox)_under.Inbox, new StoreHealth(_under.Store, _under.Time), NullLogger<StoreLookout>.Instance, _under.Time).ReopenAsync(Token);
}
