using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Limits and budgets, which no store may let be exceeded.</summary>
public abstract class ReservationContract : StoreContract
{
    private static readonly BudgetClaim Notes = new("notes", 3, TimeSpan.FromHours(1), SkipWhenEmpty: false);
    private static readonly BudgetClaim Replies = new("replies:user:bob", 1, TimeSpan.FromMinutes(10), SkipWhenEmpty: true);

    private protected ReservationContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    private LimitClaim ThreeADay => new("user:bob", 3, Store.Now.AddDays(-1), "3 per user per day");

    [Fact]
    public async Task Fifty_events_at_once_get_no_more_places_than_there_are()
    {
        var deliveries = new List<Delivery>();
        for (var i = 0; i < 50; i++)
        {
            deliveries.Add(await Store.ArriveAsync());
        }

        var decided = await Task.WhenAll(deliveries.Select(delivery => Task.Run(() =>
            Store.Inbox.CompleteAsync(Store.DecisionOf(delivery, runs: Store.Plan(claims: ThreeADay)), Token), Token)));

        Assert.Equal(3, decided.Sum(decision => decision.Runs.Count));
        var refused = decided.Where(decision => decision.Runs.Count == 0).Select(decision => Assert.Single(decision.Verdicts));
        Assert.All(refused, verdict =>
        {
            Assert.Equal(("greet", Gates.Limit, false), (verdict.Rule, verdict.Gate, verdict.Runs));
            Assert.StartsWith("3 per user per day: all 3 places for user:bob are taken by run ", verdict.Because, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_run_gets_all_its_places_or_none()
    {
        var full = new LimitClaim("account", 0, Store.Now.AddDays(-1), "never");
        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(claims: [ThreeADay, full]))).Runs);

        for (var i = 0; i < 3; i++)
        {
            Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: ThreeADay))).Runs);
        }
    }

    [Fact]
    public async Task Claims_with_one_key_take_one_place_together()
    {
        var aWeek = new LimitClaim("user:bob", 4, Store.Now.AddDays(-7), "4 per user per week");
        var took = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            took.Add(Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: [ThreeADay, aWeek]))).Runs).Id);
            Store.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var verdict = Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: [ThreeADay, aWeek]))).Verdicts);

        var (first, last) = (Store.Now.AddMinutes(-3), Store.Now.AddMinutes(-1));
        Assert.Equal(
            $"3 per user per day: all 3 places for user:bob are taken by run {took[0]} ({first:yyyy-MM-dd HH:mm:ss} +00:00) to run {took[2]} ({last:yyyy-MM-dd HH:mm:ss} +00:00); none gets free again",
            verdict.Because);
    }

    [Fact]
    public async Task Places_are_counted_apart_by_rule_and_key_and_from_a_moment_on()
    {
        for (var i = 0; i < 3; i++)
        {
            await Store.StartAsync(Store.Plan(claims: ThreeADay));
        }

        Assert.Single((await Store.DecideAsync(runs: Store.Plan("other", claims: ThreeADay))).Runs);
        Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: ThreeADay with { Key = "user:carol" }))).Runs);
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(claims: ThreeADay))).Runs);
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: ThreeADay))).Runs);
    }

    [Fact]
    public async Task A_run_that_ends_without_effect_gives_its_places_back_and_one_with_effect_keeps_them()
    {
        var one = ThreeADay with { Max = 1 };
        var idle = await Store.StartAsync(Store.Plan(claims: one));
        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(claims: one))).Runs);
        await Store.Runs.SaveAsync(idle.End(RunState.Skipped), [], Token);

        var busy = await Store.StartAsync(Store.Plan(claims: one));
        var step = Store.SomeStep(state: StepState.Done, hadEffect: true);
        await Store.Runs.SaveAsync(busy.With(step).End(RunState.Succeeded), [step], Token);

        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(claims: one))).Runs);
    }

    [Fact]
    public async Task Cancelled_runs_give_their_places_back()
    {
        var one = ThreeADay with { Max = 1 };
        await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddHours(1), claims: one));

        await Store.Runs.CancelWaitingAsync("greet", "the rule was switched off", Token);

        Assert.Single((await Store.DecideAsync(runs: Store.Plan(claims: one))).Runs);
    }

    [Fact]
    public async Task Places_survive_a_death()
    {
        var one = ThreeADay with { Max = 1 };
        await Store.StartAsync(Store.Plan(claims: one));

        Store.Reopen();

        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(claims: one))).Runs);
    }

    [Fact]
    public async Task Dry_runs_have_places_and_tokens_of_their_own()
    {
        var one = ThreeADay with { Max = 1 };
        var dry = await Store.StartAsync(Store.Plan(isDryRun: true, claims: one));
        var step = Store.SomeStep();
        var token = Notes with { Max = 1 };
        Assert.Null((await Store.Runs.SaveIntentAsync(dry.With(step), step, [token], Token)).EmptyBucket);

        var real = await Store.StartAsync(Store.Plan(claims: one));
        Assert.Null((await Store.Runs.SaveIntentAsync(real.With(step), step, [token], Token)).EmptyBucket);

        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(isDryRun: true, claims: one))).Runs);
    }

    [Fact]
    public async Task A_dry_run_keeps_its_place_where_the_real_one_would()
    {
        var one = ThreeADay with { Max = 1 };
        var dry = await Store.StartAsync(Store.Plan(isDryRun: true, claims: one));
        var shown = Store.SomeStep(state: StepState.Done);

        await Store.Runs.SaveAsync(dry.With(shown).End(RunState.Succeeded), [shown], Token);

        Assert.Empty((await Store.DecideAsync(runs: Store.Plan(isDryRun: true, claims: one))).Runs);
    }

    [Fact]
    public async Task A_run_that_was_decided_late_reserves_all_or_nothing_and_once()
    {
        var one = ThreeADay with { Max = 1 };
        var other = ThreeADay with { Key = "host:example", Max = 1, Text = "1 per host per day" };
        var first = await Store.StartAsync();
        var second = await Store.StartAsync();
        Assert.IsType<Admission.Granted>((await Store.Runs.AdmitAsync(first, null, [one], Token)).Admission);
        Assert.IsType<Admission.Granted>((await Store.Runs.AdmitAsync(first, null, [one], Token)).Admission);

        var refused = Assert.IsType<Admission.Refused>((await Store.Runs.AdmitAsync(second, null, [other, one], Token)).Admission);
        Assert.Equal(Gates.Limit, refused.Gate);
        Assert.Contains($"the one place for user:bob is taken by run {first.Id} (", refused.Reason, StringComparison.Ordinal);

        Assert.IsType<Admission.Granted>((await Store.Runs.AdmitAsync(first, null, [other], Token)).Admission);
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
        Assert.All(answers.Where(answer => answer.EmptyBucket is not null), answer => Assert.Equal((Notes, Store.Now.AddHours(1)), (answer.EmptyBucket, answer.FreeAt)));
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
        Assert.Empty((await Store.Runs.ClaimAsync(second.Id, Token))!.Steps);
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

    private async Task<BudgetAnswer> AskAsync(BudgetClaim claim)
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
        await Store.Runs.ClaimAsync(run.Id, Token) ?? throw new InvalidOperationException("The run was not free.");
}
