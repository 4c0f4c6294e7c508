using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Limits, which no store may let be exceeded.</summary>
public abstract class ReservationContract : StoreContract
{
    private static readonly BudgetClaim Notes = new("notes", 3, TimeSpan.FromHours(1), SkipWhenEmpty: false);

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
}
