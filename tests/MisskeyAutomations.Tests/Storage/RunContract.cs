using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What every store of runs promises.</summary>
public abstract class RunContract : StoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);

    private protected RunContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task A_run_that_can_go_on_is_made_running_and_leased()
    {
        var run = await Store.StartAsync();

        Assert.Equal((RunState.Running, 1L), (run.State, run.Epoch));
        Assert.Empty(await Store.Runs.ClaimDueAsync(10, [], Token));
        Assert.Null(await Store.Runs.ClaimAsync(run.Id, [], Token));
    }

    [Fact]
    public async Task A_run_comes_back_as_it_was_saved_with_its_steps()
    {
        var run = await Store.StartAsync(Store.Plan(isDryRun: true));
        var first = Store.SomeStep("do[0]", StepState.Done, answer: """{"id":"n1"}""", hadEffect: true) with { Reason = "a reason" };
        var second = new Step { Path = "do[1]", Kind = "wait", State = StepState.Pending, At = Store.Now.AddSeconds(1) };
        var saved = run.With(first).With(second).Wait(WaitReason.Step, Store.Now.AddHours(1), "waits") with
        {
            Phase = RunPhase.Recheck,
            Branch = "else",
            Waited = TimeSpan.FromMinutes(3),
            Attempts = 4,
        };
        await Store.Runs.SaveAsync(saved, [first, second], Token);
        Store.Time.Advance(TimeSpan.FromHours(1));

        var claimed = await Store.Runs.ClaimAsync(run.Id, [], Token);

        Assert.NotNull(claimed);
        Assert.Equivalent(saved with { State = RunState.Running, Epoch = 2 }, claimed, strict: true);
    }

    [Fact]
    public async Task A_waiting_run_is_claimed_once_it_is_due_and_not_before()
    {
        var run = await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddMinutes(10)));
        Store.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await Store.Runs.ClaimDueAsync(10, [], Token));

        Store.Time.Advance(TimeSpan.FromMilliseconds(1));

        var claimed = Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
        Assert.Equal((run.Id, RunState.Running, WaitReason.After), (claimed.Id, claimed.State, claimed.WaitsFor));
    }

    [Fact]
    public async Task Runs_of_accounts_that_have_enough_to_do_are_left_alone()
    {
        var due = Store.Now.AddMinutes(1);
        var busy = await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: due, account: "busy"));
        var quiet = await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: due.AddSeconds(1), account: "quiet"));
        Store.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await Store.Runs.ClaimAsync(busy.Id, ["other", "busy"], Token));
        Assert.Equal(quiet.Id, Assert.Single(await Store.Runs.ClaimDueAsync(10, ["other", "busy"], Token)).Id);
        Assert.Equal(busy.Id, Assert.Single(await Store.Runs.ClaimDueAsync(10, ["quiet"], Token)).Id);
    }

    [Fact]
    public async Task What_is_due_longest_is_claimed_first()
    {
        var ids = new List<long>();
        foreach (var minutes in (int[])[3, 1, 2])
        {
            ids.Add((await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddMinutes(minutes)))).Id);
        }

        Store.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal([ids[1], ids[2]], (await Store.Runs.ClaimDueAsync(2, [], Token)).Select(run => run.Id));
        Assert.Equal([ids[0]], (await Store.Runs.ClaimDueAsync(2, [], Token)).Select(run => run.Id));
    }

    [Fact]
    public async Task Of_many_who_claim_one_run_at_once_one_gets_it()
    {
        var run = await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now));

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.Runs.ClaimAsync(run.Id, [], Token), Token)));

        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_taken_over_and_its_former_holder_can_save_nothing_more()
    {
        var former = await Store.StartAsync();
        Store.Time.Advance(Lease);
        var taken = Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
        var step = Store.SomeStep(state: StepState.Done);

        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.SaveAsync(former.With(step), [step], Token));
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.SaveIntentAsync(former.With(step), step, [], Token));
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.AdmitAsync(former, null, [], Token));

        await Store.Runs.SaveAsync(taken.Wait(WaitReason.Retry, Store.Now), [], Token);
        Assert.Empty((await Store.Runs.ClaimAsync(taken.Id, [], Token))!.Steps);
    }

    [Fact]
    public async Task Every_save_renews_the_lease()
    {
        var run = await Store.StartAsync();
        Store.Time.Advance(Lease / 2);
        await Store.Runs.SaveAsync(run, [], Token);
        Store.Time.Advance(Lease / 2);
        Assert.Empty(await Store.Runs.ClaimDueAsync(10, [], Token));

        Store.Time.Advance(Lease / 2);

        Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
    }

    [Fact]
    public async Task Who_gave_the_run_up_to_wait_can_save_nothing_more()
    {
        var run = await Store.StartAsync();
        await Store.Runs.SaveAsync(run.Wait(WaitReason.Hold, null), [], Token);

        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token));
    }

    [Fact]
    public async Task Runs_of_a_process_that_died_are_claimed_at_once_with_their_intents()
    {
        var run = await Store.StartAsync();
        var step = Store.SomeStep();
        await Store.Runs.SaveIntentAsync(run.With(step), step, [], Token);

        Store.Reopen();

        var claimed = Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
        Assert.Equivalent(step, Assert.Single(claimed.Steps).Value, strict: true);
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token));
    }

    [Fact]
    public async Task Runs_that_ended_or_wait_for_a_person_are_never_claimed()
    {
        var ended = await Store.StartAsync();
        var held = await Store.StartAsync();
        await Store.Runs.SaveAsync(ended.End(RunState.Failed, "refused"), [], Token);
        await Store.Runs.SaveAsync(held.Wait(WaitReason.Uncertain, null), [], Token);

        Store.Reopen();
        Store.Time.Advance(TimeSpan.FromDays(30));

        Assert.Empty(await Store.Runs.ClaimDueAsync(10, [], Token));
    }

    [Fact]
    public async Task Alarms_are_listed_for_waiting_runs_from_one_time_to_another()
    {
        await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddMinutes(2)));
        var soon = await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddMinutes(5)));
        await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddMinutes(11)));
        await Store.StartAsync();

        var alarms = await Store.Runs.ListAlarmsAsync(Store.Now.AddMinutes(2), Store.Now.AddMinutes(10), Token);

        Assert.Equal([(soon.Id, Store.Now.AddMinutes(5))], alarms);
    }

    [Fact]
    public async Task Cancelling_a_rule_ends_its_waiting_runs_and_leaves_those_at_work_and_uncertain_ones()
    {
        var waiting = await Store.StartAsync(Store.Plan("greet", RunState.Waiting, WaitReason.After, Store.Now.AddHours(1)));
        var atWork = await Store.StartAsync(Store.Plan("greet"));
        var uncertain = await Store.StartAsync(Store.Plan("greet"));
        await Store.Runs.SaveAsync(uncertain.Wait(WaitReason.Uncertain, Store.Now.AddHours(1)), [], Token);
        var other = await Store.StartAsync(Store.Plan("other", RunState.Waiting, WaitReason.After, Store.Now.AddHours(1)));

        Assert.Equal(1, await Store.Runs.CancelWaitingAsync("greet", "the rule was deleted", Token));

        Store.Time.Advance(TimeSpan.FromHours(2));
        var claimed = (await Store.Runs.ClaimDueAsync(10, [], Token)).Select(run => run.Id).ToHashSet();
        Assert.DoesNotContain(waiting.Id, claimed);
        Assert.Equal([atWork.Id, uncertain.Id, other.Id], claimed.Order());
    }

    [Fact]
    public async Task More_runs_than_one_step_can_take_are_cancelled()
    {
        const int Many = 450;
        var runs = Enumerable.Range(0, Many).Select(_ => Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddHours(1))).ToArray();
        await Store.DecideAsync(runs: runs);

        Assert.Equal(Many, await Store.Runs.CancelWaitingAsync("greet", "the rule was deleted", Token));

        Assert.Empty(await Store.Runs.ListAlarmsAsync(Store.Now, Store.Now.AddDays(1), Token));
    }

    [Fact]
    public async Task Releasing_makes_held_runs_due_now_and_no_others()
    {
        var held = new List<long>();
        for (var i = 0; i < 250; i++)
        {
            var run = await Store.StartAsync();
            await Store.Runs.SaveAsync(run.Wait(WaitReason.Hold, null), [], Token);
            held.Add(run.Id);
        }

        await Store.StartAsync(Store.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Store.Now.AddHours(1)));

        await Store.Runs.ReleaseAsync(WaitReason.Hold, Token);

        Assert.Equal(held, (await Store.Runs.ClaimDueAsync(1_000, [], Token)).Select(run => run.Id).Order());
    }

    [Fact]
    public async Task A_rules_text_is_kept_for_its_runs()
    {
        await Store.StartAsync(Store.Plan("greet"));

        Assert.Equal("text of greet", await Store.Runs.LoadRuleTextAsync("hash of greet", Token));
        Assert.Null(await Store.Runs.LoadRuleTextAsync("hash of another", Token));
    }
}
