using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what was counted while it was done, on every database.</summary>
public abstract class ActivityContract : StoreContract
{
    private protected ActivityContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private Activity Counts => new(Under.Store.Readers);

    [Fact]
    public async Task An_event_is_counted_once_however_many_deliveries_report_it()
    {
        var note = new Subject("note:1", Recurs: false);
        await Under.DecideAsync(note);
        await Under.DecideAsync(note, hook: "hook2");
        await Under.DecideAsync(new("note:2", Recurs: false));

        Assert.Equal([new(Under.Now, "alice", Counted.Event, 2)], Counts.ListMinutes(Under.Now));
    }

    [Fact]
    public async Task What_no_rule_is_asked_about_is_not_counted()
    {
        var delivery = await Under.ArriveAsync();
        await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery) with { State = DeliveryState.Test, Subject = null }, Token);

        Assert.Empty(Counts.ListHours(Under.Now.AddDays(-1)));
    }

    [Fact]
    public async Task Runs_are_counted_when_they_are_made_and_by_how_they_end()
    {
        foreach (var end in (RunState[])[RunState.Succeeded, RunState.Failed, RunState.Skipped, RunState.Cancelled, RunState.Succeeded])
        {
            await Under.Runs.SaveAsync((await Under.StartAsync()).End(end), [], Token);
        }

        Assert.Equal(
            [(Counted.Event, 5L), (Counted.Made, 5), (Counted.Succeeded, 2), (Counted.Skipped, 1), (Counted.Failed, 1), (Counted.Cancelled, 1)],
            Counts.ListHours(Under.Now).Select(point => (point.What, point.Number)));
    }

    [Fact]
    public async Task A_request_is_counted_once_it_had_an_effect()
    {
        var run = await Under.StartAsync();
        var step = Under.SomeStep();
        await Under.Runs.SaveIntentAsync(run.With(step), step, [], Token);
        Assert.DoesNotContain(Counts.ListHours(Under.Now), point => point.What == Counted.Sent);

        await SaveAsync(run, step with { State = StepState.Done, HadEffect = true });
        await SaveAsync(run, Under.SomeStep("do[1]", StepState.Done) with { Reason = "dry run: shown, not sent" });
        await SaveAsync(run, Under.SomeStep("do[2]", StepState.Done, endpoint: "") with { Kind = "log", HadEffect = true });

        Assert.Equal(1, Assert.Single(Counts.ListHours(Under.Now), point => point.What == Counted.Sent).Number);
    }

    [Fact]
    public async Task What_a_person_found_there_counts_as_sent()
    {
        var (doubtful, step) = (await Under.StartAsync()).Doubt(Under.SomeStep(), "the answer was lost");
        await Under.Runs.SaveAsync(doubtful, [step], Token);

        await new UncertainRuns(Under.Store).SettleAsync(doubtful.Id, null, Settlement.There, Token);

        Assert.Contains(Counts.ListHours(Under.Now), point => point is { What: Counted.Sent, Number: 1 });
    }

    [Fact]
    public async Task Waiting_runs_that_a_reload_ends_are_counted()
    {
        await Under.StartAsync(Under.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Under.Now.AddHours(1)));
        await Under.Runs.CancelWaitingAsync("greet", "the rule was deleted", Token);

        Assert.Contains(Counts.ListHours(Under.Now), point => point is { What: Counted.Cancelled, Number: 1 });
    }

    [Fact]
    public async Task What_an_operation_counted_that_failed_is_not_counted()
    {
        var run = await Under.StartAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => Under.Runs.SaveAsync(run.End(RunState.Succeeded) with { Epoch = 7 }, [], Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Under.Store.Writer.RunAsync<int>(
            db =>
            {
                db.Tally.CountEvent("alice", Under.Now);
                throw new InvalidOperationException();
            },
            Token));

        Assert.Equal([Counted.Event, Counted.Made], Counts.ListMinutes(Under.Now).Select(point => point.What));
        Assert.All(Counts.ListMinutes(Under.Now), point => Assert.Equal(1, point.Number));
    }

    [Fact]
    public async Task Minutes_hours_and_accounts_are_told_apart()
    {
        await Under.StartAsync();
        await Under.StartAsync(Under.Plan(account: "bob", rule: "other"));
        Under.Time.Advance(TimeSpan.FromMinutes(1));
        await Under.StartAsync();
        await Under.StartAsync();
        Under.Time.Advance(TimeSpan.FromHours(1));
        await Under.StartAsync();
        var (first, last) = (Under.Now - TimeSpan.FromMinutes(61), Under.Now - TimeSpan.FromMinutes(1));

        Assert.Equal(
            [(first, "alice", 1L), (first, "bob", 1), (first.AddMinutes(1), "alice", 2), (Under.Now, "alice", 1)],
            Counts.ListMinutes(first).Where(point => point.What == Counted.Made).Select(point => (point.At, point.Account, point.Number)));
        Assert.Equal(
            [(first, "alice", 3L), (first, "bob", 1), (last, "alice", 1)],
            Counts.ListHours(first).Where(point => point.What == Counted.Made).Select(point => (point.At, point.Account, point.Number)));
        Assert.Equal([("greet", 4L), ("other", 1)], Counts.ListRules(first).Select(count => (count.Rule, count.Number)));
        Assert.Equal([("greet", 1L)], Counts.ListRules(last).Select(count => (count.Rule, count.Number)));
    }

    [Fact]
    public async Task A_rule_fires_when_its_run_gets_past_its_gates()
    {
        var undecided = Under.Plan() with { Run = Under.Plan().Run with { State = RunState.Deciding, Phase = RunPhase.Gates } };
        var run = await Under.StartAsync(undecided);
        Assert.Empty(Counts.ListLastFired());
        Under.Time.Advance(TimeSpan.FromSeconds(5));

        await Under.Runs.SaveAsync((run with { Phase = RunPhase.Steps }).End(RunState.Succeeded), [], Token);

        Assert.Equal([KeyValuePair.Create("greet", Under.Now)], Counts.ListLastFired());
        await Under.Runs.SaveAsync((await Under.StartAsync(undecided)).End(RunState.Skipped, "no", Gates.When), [], Token);
        Assert.Equal([KeyValuePair.Create("greet", Under.Now)], Counts.ListLastFired());
    }

    [Fact]
    public async Task Sums_are_dropped_when_their_time_is_over()
    {
        await Under.StartAsync();
        var begin = Under.Now;
        Under.Time.Advance(Activity.MinutesKept + TimeSpan.FromMinutes(1));
        await TidyAsync();
        Assert.Empty(Counts.ListMinutes(begin));
        Assert.Equal(2, Counts.ListHours(begin).Count);

        Under.Time.Advance(Activity.HoursKept);
        await TidyAsync();

        Assert.Empty(Counts.ListHours(begin));
    }

    [Fact]
    public async Task A_step_knows_since_when_it_is_at_work_and_how_often_it_was_sent()
    {
        var run = await Under.StartAsync();
        var (began, step) = (Under.Now, Under.SomeStep());
        await Under.Runs.SaveIntentAsync(run.With(step), step, [], Token);
        Under.Time.Advance(TimeSpan.FromSeconds(3));
        await SaveAsync(run, step with { State = StepState.Pending, At = Under.Now });
        await Under.Runs.SaveIntentAsync(run.With(step), step with { At = Under.Now }, [], Token);
        Under.Time.Advance(TimeSpan.FromSeconds(1));
        await SaveAsync(run, step with { State = StepState.Done, At = Under.Now });

        var (beganAt, attempts) = Under.Store.Readers.Read(reader => reader.QuerySingleOrDefault<(long, long)>("select began_at, attempts from steps"));

        Assert.Equal((began.ToUnixTimeMilliseconds(), 2L), (beganAt, attempts));
    }

    private Task<Saved> SaveAsync(Run run, Step step) => Under.Runs.SaveAsync(run.With(step), [step], Token);

    private async Task TidyAsync()
    {
        using var upkeep = new Upkeep(Under.Store, Under.Time, NullLogger<Upkeep>.Instance);
        await upkeep.TidyAsync(Token);
    }
}
