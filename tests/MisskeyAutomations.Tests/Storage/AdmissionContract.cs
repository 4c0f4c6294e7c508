using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Turns and places: who runs, who waits in which order, and who takes over from whom.</summary>
public abstract class AdmissionContract : StoreContract
{
    private protected AdmissionContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    private LimitClaim OneAnHour => new("user:bob", 1, Store.Now.AddHours(-1), "1 per user per 1h")
    {
        Over = LimitOver.Delay,
        Period = new LimitPeriod.Sliding(TimeSpan.FromHours(1)),
    };

    private static OverlapClaim Overlap(OverlapMode mode, string key = "user:bob") => new(mode, key, $"{mode} per user");

    [Fact]
    public async Task An_unfinished_run_refuses_others_of_its_rule_key_and_account()
    {
        var first = await Store.StartAsync(Plan(OverlapMode.Skip));

        var refused = Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Skip))).Verdicts);
        Assert.Equal((Gates.Overlap, $"run {first.Id} of this rule is unfinished (overlap: Skip per user)"), (refused.Gate, refused.Because));
        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Skip, key: "user:carol"))).Runs);
        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Skip, rule: "other"))).Runs);
        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Skip, account: "zoe"))).Runs);
        await Store.Runs.SaveAsync(first.End(RunState.Succeeded), [], Token);

        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Skip))).Runs);
    }

    [Fact]
    public async Task Runs_that_are_decided_late_are_refused_as_well_and_keep_what_they_were_granted()
    {
        var (first, second) = (await Store.StartAsync(Plan(OverlapMode.Parallel)), await Store.StartAsync(Plan(OverlapMode.Parallel)));
        var overlap = Overlap(OverlapMode.Skip);

        var granted = await Store.Runs.AdmitAsync(first, overlap, [OneAnHour], Token);
        var again = await Store.Runs.AdmitAsync(first, overlap, [OneAnHour], Token);
        var refused = await Store.Runs.AdmitAsync(second, overlap, [OneAnHour], Token);

        Assert.IsType<Admission.Granted>(granted.Admission);
        Assert.IsType<Admission.Granted>(again.Admission);
        Assert.Equal(Gates.Overlap, Assert.IsType<Admission.Refused>(refused.Admission).Gate);
    }

    [Fact]
    public async Task Queued_runs_get_their_turn_one_by_one_in_the_order_of_arrival()
    {
        var first = await Store.StartAsync(Plan(OverlapMode.Queue));
        var second = await Store.StartAsync(Plan(OverlapMode.Queue));
        var third = await Store.StartAsync(Plan(OverlapMode.Parallel));
        var waiting = await Store.Runs.AdmitAsync(third, Overlap(OverlapMode.Queue), [], Token);
        Assert.Equal((RunState.Waiting, WaitReason.Turn, null), (second.State, second.WaitsFor, second.DueAt));
        Assert.Equal((RunState.Waiting, WaitReason.Turn, RunPhase.Admission), (waiting.Run.State, waiting.Run.WaitsFor, waiting.Run.Phase));
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await Store.Runs.ClaimAsync(second.Id, [], Token));

        var saved = await Store.Runs.SaveAsync(first.End(RunState.Succeeded), [], Token);

        Assert.Equal([new Ring(second.Id, Store.Now)], saved.Rings);
        Assert.Null(await Store.Runs.ClaimAsync(third.Id, [], Token));
        var claimed = (await Store.Runs.ClaimAsync(second.Id, [], Token))!;
        Assert.Equal(TimeSpan.FromMinutes(1), claimed.AfterWaitAtGate(Store.Now.AddHours(1)).Waited);
        Assert.IsType<Admission.Granted>((await Store.Runs.AdmitAsync(claimed, Overlap(OverlapMode.Queue), [], Token)).Admission);
        // Who comes now stands behind all of them.
        var fourth = await Store.StartAsync(Plan(OverlapMode.Queue));
        Assert.Equal([third.Id], (await Store.Runs.SaveAsync(claimed.End(RunState.Failed), [], Token)).Rings.Select(ring => ring.RunId));
        Assert.Equal(WaitReason.Turn, fourth.WaitsFor);
    }

    [Fact]
    public async Task A_run_that_waits_for_certainty_lets_the_next_go()
    {
        var first = await Store.StartAsync(Plan(OverlapMode.Queue));
        var second = await Store.StartAsync(Plan(OverlapMode.Queue));

        var saved = await Store.Runs.SaveAsync(first.Wait(WaitReason.Uncertain, null), [], Token);

        Assert.Equal([second.Id], saved.Rings.Select(ring => ring.RunId));
        Assert.Equal(WaitReason.Turn, (await Store.StartAsync(Plan(OverlapMode.Queue))).WaitsFor);
    }

    [Fact]
    public async Task A_restart_ends_a_waiting_run_and_takes_over_its_place_with_its_time()
    {
        var old = await Store.StartAsync(Plan(OverlapMode.Restart, claims: OneAnHour with { Over = LimitOver.Skip }));
        await Store.Runs.SaveAsync(old.Wait(WaitReason.Step, Store.Now.AddHours(5)), [], Token);
        Store.Time.Advance(TimeSpan.FromMinutes(59));

        var next = await Store.StartAsync(Plan(OverlapMode.Restart, claims: OneAnHour with { Over = LimitOver.Skip }));
        Store.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(RunState.Running, next.State);
        // The place was taken 61 minutes ago.
        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Parallel, claims: OneAnHour with { Over = LimitOver.Skip }))).Runs);
        Store.Time.Advance(TimeSpan.FromHours(5));
        Assert.Null(await Store.Runs.ClaimAsync(old.Id, [], Token));
    }

    [Fact]
    public async Task A_restart_stops_a_run_at_work_before_its_next_step_and_keeps_what_it_did()
    {
        var old = await Store.StartAsync(Plan(OverlapMode.Restart));
        var step = Store.SomeStep();
        Assert.Null((await Store.Runs.SaveIntentAsync(old.With(step), step, [], Token)).Stopped);

        var newer = await Store.StartAsync(Plan(OverlapMode.Restart));
        var next = Store.SomeStep("do[1]");
        var stopped = await Store.Runs.SaveIntentAsync(old.With(next), next, [], Token);
        var done = step with { State = StepState.Done, HadEffect = true };
        var saved = await Store.Runs.SaveAsync(old.With(done), [done], Token);

        Assert.Equal(Admissions.ReplacedBy(newer.Id), stopped.Stopped);
        Assert.Equal((RunState.Cancelled, Admissions.ReplacedBy(newer.Id)), (saved.Run.State, saved.Run.Reason));
        Assert.Equal(StepState.Done, Assert.Single(saved.Run.Steps).Value.State);
    }

    [Fact]
    public async Task A_place_taken_over_from_a_run_that_acted_is_never_given_back()
    {
        var one = OneAnHour with { Over = LimitOver.Skip };
        var old = await Store.StartAsync(Plan(OverlapMode.Restart, claims: one));
        var done = Store.SomeStep(state: StepState.Done, hadEffect: true);
        await Store.Runs.SaveAsync(old.With(done).Wait(WaitReason.Step, Store.Now.AddHours(5)), [done], Token);

        var next = await Store.StartAsync(Plan(OverlapMode.Restart, claims: one));
        await Store.Runs.SaveAsync(next.End(RunState.Skipped), [], Token);

        Assert.Empty((await Store.DecideAsync(runs: Plan(OverlapMode.Parallel, claims: one))).Runs);
    }

    [Fact]
    public async Task Delayed_runs_are_promised_places_one_after_the_other()
    {
        await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var second = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var third = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var tick = TimeSpan.FromMilliseconds(1);
        Assert.Equal([(WaitReason.Place, Store.Now.AddHours(1) + tick), (WaitReason.Place, Store.Now.AddHours(2) + (2 * tick))], new[] { second, third }.Select(run => (run.WaitsFor, run.DueAt!.Value)));

        Store.Time.Advance(TimeSpan.FromHours(1) + tick);
        var claimed = (await Store.Runs.ClaimAsync(second.Id, [], Token))!;
        var newcomer = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var admitted = await Store.Runs.AdmitAsync(claimed.AfterWaitAtGate(Store.Now), null, [OneAnHour], Token);

        Assert.IsType<Admission.Granted>(admitted.Admission);
        Assert.Equal(third.DueAt + TimeSpan.FromHours(1) + tick, newcomer.DueAt);
        Assert.Equal(TimeSpan.FromHours(1) + tick, admitted.Run.Waited);
    }

    [Fact]
    public async Task A_place_that_is_given_back_wakes_the_first_and_that_one_the_next()
    {
        var first = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var second = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        var third = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: OneAnHour));
        Store.Time.Advance(TimeSpan.FromMinutes(10));

        var saved = await Store.Runs.SaveAsync(first.End(RunState.Skipped), [], Token);
        var claimed = (await Store.Runs.ClaimAsync(second.Id, [], Token))!;
        var admitted = await Store.Runs.AdmitAsync(claimed, null, [OneAnHour], Token);
        var next = (await Store.Runs.ClaimAsync(third.Id, [], Token))!;
        var moved = await Store.Runs.AdmitAsync(next, null, [OneAnHour], Token);

        Assert.Equal([new Ring(second.Id, Store.Now)], saved.Rings);
        Assert.IsType<Admission.Granted>(admitted.Admission);
        Assert.Equal([new Ring(third.Id, Store.Now)], admitted.Rings);
        Assert.Equal(Store.Now.AddHours(1).AddMilliseconds(1), Assert.IsType<Admission.Delayed>(moved.Admission).Until);
        Assert.Equal(moved.Run.DueAt, Assert.IsType<Admission.Delayed>(moved.Admission).Until);
    }

    [Fact]
    public async Task A_full_limit_with_steps_makes_a_run_for_them_without_a_place()
    {
        var steps = OneAnHour with { Over = LimitOver.Steps, Branch = "over-2" };
        await Store.StartAsync(Plan(OverlapMode.Parallel, claims: steps));

        var decided = await Store.DecideAsync(runs: Plan(OverlapMode.Skip, claims: steps));
        var another = await Store.DecideAsync(runs: Plan(OverlapMode.Skip, claims: steps));

        Assert.Equal("over-2", Assert.Single(decided.Runs).Branch);
        Assert.Equal((Gates.Limit, true), (decided.Verdicts[0].Gate, decided.Verdicts[0].Runs));
        // It has no turn either: it is in nobody's way.
        Assert.Equal("over-2", Assert.Single(another.Runs).Branch);
    }

    [Fact]
    public async Task Limits_count_per_account()
    {
        var one = OneAnHour with { Over = LimitOver.Skip };
        await Store.StartAsync(Plan(OverlapMode.Parallel, claims: one));

        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Parallel, account: "zoe", claims: one))).Runs);
        Assert.Empty((await Store.DecideAsync(runs: Plan(OverlapMode.Parallel, claims: one))).Runs);
    }

    [Fact]
    public async Task A_run_that_became_dry_keeps_no_real_place()
    {
        var one = OneAnHour with { Over = LimitOver.Skip };
        var run = await Store.StartAsync(Plan(OverlapMode.Parallel, claims: one));
        var shown = Store.SomeStep(state: StepState.Done);

        await Store.Runs.SaveAsync((run with { IsDryRun = true }).With(shown).End(RunState.Succeeded), [shown], Token);

        Assert.Single((await Store.DecideAsync(runs: Plan(OverlapMode.Parallel, claims: one))).Runs);
    }

    [Fact]
    public async Task A_run_that_says_no_ends_as_the_next_of_its_group_begins()
    {
        var run = await Store.StartAsync(Plan(OverlapMode.Parallel, rule: "a"));
        var next = Store.Plan("b") with { Claims = [OneAnHour] };
        var rest = new Plan([new("b", null), new("c", Gates.Group)], [next with { Run = next.Run with { DeliveryId = run.DeliveryId, DueAt = Store.Now } }]);

        var saved = await Store.Runs.PassOnAsync(run.End(RunState.Skipped, "no", Gates.When), rest, Token);

        Assert.Equal(RunState.Skipped, saved.Run.State);
        var made = Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
        Assert.Equal(("b", run.DeliveryId), (made.RuleName, made.DeliveryId));
    }

    private PlannedRun Plan(OverlapMode mode, string key = "user:bob", string rule = "greet", string account = "alice", params LimitClaim[] claims)
    {
        var planned = Store.Plan(rule, overlap: mode == OverlapMode.Parallel ? null : Overlap(mode, key), account: account, claims: claims);
        return planned with { Run = planned.Run with { DueAt = Store.Now } };
    }
}
