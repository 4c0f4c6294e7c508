using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Budgets and reply caps, which no store may let be exceeded.</summary>
public abstract class BudgetContract : StoreContract
{
    private protected static readonly BudgetClaim Notes = new("notes", 3, TimeSpan.FromHours(1), SkipWhenEmpty: false);
    private static readonly BudgetClaim Replies = new("replies:user:bob", 1, TimeSpan.FromMinutes(10), SkipWhenEmpty: true);

    private protected BudgetContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task Fifty_steps_at_once_get_no_more_tokens_than_there_are()
    {
        var runs = new List<Run>();
        for (var i = 0; i < 50; i++)
        {
            runs.Add(await Store.StartAsync());
        }

        var step = Store.SomeStep();
        var answers = await Task.WhenAll(runs.Select(run => Task.Run(() => Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token), Token)));

        Assert.Equal(3, answers.Count(answer => answer.EmptyBucket is null));
        var refused = answers.Where(answer => answer.EmptyBucket is not null).ToList();
        Assert.All(refused, answer => Assert.Equal(Notes, answer.EmptyBucket));
        Assert.Equal(Enumerable.Range(0, 47).Select(place => Store.Now.AddHours(1 + (place / 3))), refused.Select(answer => answer.FreeAt).Order());
    }

    [Fact]
    public async Task A_step_without_a_token_is_not_saved_and_takes_none_of_the_others()
    {
        var step = Store.SomeStep();
        var first = await Store.StartAsync();
        await Store.Runs.SaveIntentAsync(first.With(step), step, [Replies], Token);
        var second = await Store.StartAsync();

        var answer = await Store.Runs.SaveIntentAsync(second.With(step), step, [Notes, Replies], Token);

        Assert.Equal(Replies, answer.EmptyBucket);
        await Store.Runs.SaveAsync(second.Wait(WaitReason.Retry, Store.Now), [], Token);
        Assert.Empty((await Store.Runs.ClaimAsync(second.Id, [], Token))!.Steps);
        await AssertTokensLeftAsync(Notes, 3);
    }

    [Fact]
    public async Task The_answer_says_when_the_oldest_token_runs_out_and_there_is_one_then()
    {
        foreach (var _ in (int[])[1, 2, 3])
        {
            await AssertTokensLeftAsync(Notes, 1);
            Store.Time.Advance(TimeSpan.FromMinutes(10));
        }

        var run = await Store.StartAsync();
        var step = Store.SomeStep();
        var answer = await Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token);
        Assert.Equal(Store.Now.AddMinutes(30), answer.FreeAt);
        Store.Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        run = run with { Epoch = (await ClaimAgainAsync(run)).Epoch };
        Assert.NotNull((await Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token)).EmptyBucket);

        Store.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null((await Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token)).EmptyBucket);
    }

    [Fact]
    public async Task A_step_that_is_frozen_again_does_not_take_a_second_token()
    {
        var run = await Store.StartAsync();
        var step = Store.SomeStep();
        foreach (var _ in (int[])[1, 2, 3, 4, 5])
        {
            Assert.Null((await Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token)).EmptyBucket);
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await AssertTokensLeftAsync(Notes, 2);
    }

    [Fact]
    public async Task Tokens_survive_a_death()
    {
        await AssertTokensLeftAsync(Notes, 3);

        Store.Reopen();

        var run = await Store.StartAsync();
        var step = Store.SomeStep();
        Assert.NotNull((await Store.Runs.SaveIntentAsync(run.With(step), step, [Notes], Token)).EmptyBucket);
    }

    [Fact]
    public async Task A_breaker_opens_once_holds_for_every_bucket_that_names_it_and_closes_after_a_while_of_quiet()
    {
        var (inAll, inThread) = (Replies with { Max = 5, Breaker = "bob" }, Replies with { Bucket = "replies:thread:bob:n1", Breaker = "bob" });
        Assert.Null((await AskAsync(inThread)).EmptyBucket);

        var first = await AskAsync(inThread);
        Assert.True(first.OpenedBreaker);
        Store.Time.Advance(TimeSpan.FromMinutes(9));
        Store.Reopen();

        // Another thread, whose own cap has room: still too loud. It stays open for ten minutes from here.
        var second = await AskAsync(inAll);
        Assert.Equal(inAll, second.EmptyBucket);
        Assert.False(second.OpenedBreaker);
        Store.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull((await AskAsync(inAll)).EmptyBucket);
        Assert.Null((await AskAsync(Replies with { Bucket = "replies:user:carol", Breaker = "carol" })).EmptyBucket);

        Store.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await AskAsync(inAll)).EmptyBucket);
    }

    [Fact]
    public async Task Whoever_waits_for_a_budget_is_told_the_time_of_a_token_of_its_own()
    {
        var began = Store.Now;
        var claim = Notes with { Max = 2 };
        Assert.Null((await AskAsync(claim)).EmptyBucket);
        Store.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null((await AskAsync(claim)).EmptyBucket);

        List<DateTimeOffset> told = [];
        for (var run = 0; run < 5; run++)
        {
            told.Add((await AskAsync(claim)).FreeAt);
        }

        int[] minutes = [60, 65, 120, 125, 180];
        Assert.Equal(minutes.Select(after => began + TimeSpan.FromMinutes(after)), told);
        Store.Time.Advance(told[0] - Store.Now);
        Assert.Null((await AskAsync(claim)).EmptyBucket);
        Assert.Equal(began + TimeSpan.FromMinutes(185), (await AskAsync(claim)).FreeAt);
    }

    [Fact]
    public async Task Another_account_has_tokens_of_its_own()
    {
        var claim = Notes with { Max = 1 };
        Assert.Null((await AskAsync(claim)).EmptyBucket);

        var (other, step) = (await Store.StartAsync(Store.Plan(account: "carol")), Store.SomeStep());

        Assert.Null((await Store.Runs.SaveIntentAsync(other.With(step), step, [claim], Token)).EmptyBucket);
        Assert.NotNull((await AskAsync(claim)).EmptyBucket);
    }

    [Fact]
    public async Task Whoever_is_too_late_by_then_is_told_so_and_keeps_nobody_waiting()
    {
        var began = Store.Now;
        var claim = Notes with { Max = 1 };
        Assert.Null((await AskAsync(claim)).EmptyBucket);
        var soonUseless = claim with { UselessAt = began + TimeSpan.FromMinutes(20) };

        Assert.Equal(soonUseless.UselessAt, (await AskAsync(soonUseless)).FreeAt);
        Assert.Equal(soonUseless.UselessAt, (await AskAsync(soonUseless)).FreeAt);

        Assert.Equal(began + TimeSpan.FromHours(1), (await AskAsync(claim)).FreeAt);
    }

    private protected async Task<BudgetAnswer> AskAsync(BudgetClaim claim)
    {
        var (run, step) = (await Store.StartAsync(), Store.SomeStep());
        return await Store.Runs.SaveIntentAsync(run.With(step), step, [claim], Token);
    }

    // Takes them, too.
    private async Task AssertTokensLeftAsync(BudgetClaim claim, int count)
    {
        var step = Store.SomeStep();
        for (var i = 0; i < count; i++)
        {
            var run = await Store.StartAsync();
            Assert.Null((await Store.Runs.SaveIntentAsync(run.With(step), step, [claim], Token)).EmptyBucket);
        }
    }

    private async Task<Run> ClaimAgainAsync(Run run) =>
        await Store.Runs.ClaimAsync(run.Id, [], Token) ?? throw new InvalidOperationException("The run was not free.");
}
