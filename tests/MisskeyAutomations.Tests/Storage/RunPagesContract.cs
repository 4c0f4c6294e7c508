using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for lists of runs, on every database.</summary>
public abstract class RunPagesContract : StoreContract
{
    private protected RunPagesContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private RunPages Pages => new(Under.Store.Readers, Under.Time);

    [Fact]
    public async Task Runs_are_listed_newest_first_page_by_page()
    {
        List<long> all = [];
        for (var i = 0; i < 5; i++)
        {
            all.Add((await Under.StartAsync()).Id);
        }

        var first = Pages.List(new(), null, 2);
        var second = Pages.List(new(), first.Next, 2);
        var third = Pages.List(new(), second.Next, 2);

        Assert.Equal(all.OrderDescending(), new[] { first, second, third }.SelectMany(Numbers));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task They_are_told_apart_by_state_rule_and_account()
    {
        var ended = new Dictionary<RunState, long>();
        foreach (var state in (RunState[])[RunState.Succeeded, RunState.Failed, RunState.Skipped, RunState.Cancelled])
        {
            ended[state] = await EndAsync(Under.Plan(), state);
        }

        var atWork = (await Under.StartAsync(Under.Plan("other", account: "bob"))).Id;
        var othersFailed = await EndAsync(Under.Plan("other"), RunState.Failed);

        Assert.All(ended.Where(pair => pair.Key != RunState.Failed), pair => Assert.Equal([pair.Value], Find(new() { State = pair.Key })));
        Assert.Equal([othersFailed, ended[RunState.Failed]], Find(new() { State = RunState.Failed }));
        Assert.Equal([othersFailed], Find(new() { State = RunState.Failed, Rule = "other" }));
        Assert.Equal([atWork], Find(new() { State = RunState.Running, Account = "bob" }));
        Assert.Equal([othersFailed, atWork], Find(new() { Rule = "other" }));
        Assert.Equal([atWork], Find(new() { Account = "bob" }));
        Assert.Empty(Find(new() { State = RunState.Failed, Account = "bob" }));
    }

    [Fact]
    public async Task Waiting_runs_are_listed_with_when_they_are_due_whatever_they_wait_for()
    {
        var retry = await WaitAsync(WaitReason.Retry, Under.Now.AddMinutes(1));
        var hold = await WaitAsync(WaitReason.Hold, null);
        var second = await WaitAsync(WaitReason.Retry, Under.Now.AddMinutes(2));
        await Under.StartAsync();

        var all = Pages.List(new() { State = RunState.Waiting }, null, 10);

        Assert.Equal([(second, Under.Now.AddMinutes(2)), (hold, null), (retry, (DateTimeOffset?)Under.Now.AddMinutes(1))], all.Found.Select(run => (run.Id, run.DueAt)));
        Assert.Equal([second, retry], Find(new() { State = RunState.Waiting, WaitsFor = WaitReason.Retry }));
        Assert.Equal([hold, retry], Numbers(Pages.List(new() { State = RunState.Waiting }, second, 10)));
        var waits = new RunQueries(Under.Store.Readers).ListWaits();
        Assert.Equal([(WaitReason.Retry, 2L, retry), (WaitReason.Hold, 1, hold)], waits.Select(waiting => (waiting.For, waiting.Number, waiting.OldestRunId)));
        Assert.Equal(Under.Now.AddMinutes(1), waits[0].OldestDueAt);
    }

    [Fact]
    public async Task A_run_is_found_with_its_steps_their_times_and_attempts()
    {
        var run = await Under.StartAsync();
        var step = Under.SomeStep();
        await Under.Runs.SaveIntentAsync(run.With(step), step, [], Token);
        Under.Time.Advance(TimeSpan.FromSeconds(2));
        var done = step with { State = StepState.Done, At = Under.Now, Answer = """{"id":"n1"}""" };
        await Under.Runs.SaveAsync(run.With(done).End(RunState.Succeeded), [done], Token);

        var found = new RunQueries(Under.Store.Readers).Find(run.Id)!;

        Assert.Equal(("alice", "greet", "hash of greet", RunState.Succeeded), (found.Account, found.Rule, found.RuleHash, found.State));
        var recorded = Assert.Single(found.Steps);
        Assert.Equivalent(done, recorded.Step, strict: true);
        Assert.Equal((Under.Now.AddSeconds(-2), 1), (recorded.BeganAt, recorded.Attempts));
        Assert.Null(new RunQueries(Under.Store.Readers).Find(run.Id + 1));
    }

    [Fact]
    public async Task What_is_rare_is_looked_for_so_long_and_it_is_told_how_far()
    {
        var wanted = await EndAsync(Under.Plan(), RunState.Skipped);
        await Under.Store.Writer.RunAsync(
            db =>
            {
                // Numbers that are left out are passed over like runs.
                const string Sql = """
                    insert into runs (id, account, delivery, subject, version, dry_run, state, phase, branch, waits_for, event_at, created_at, waited, seed, attempts, epoch)
                    select id + 10000, account, delivery, subject, version, dry_run, 4, phase, branch, waits_for, event_at, created_at, waited, seed, attempts, epoch from runs where id = ?
                    """;
                db.Sql(Sql).Bind(wanted).Run();
            },
            Token);
        Under.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        var first = Pages.List(new() { State = RunState.Skipped }, null, 10);
        var second = Pages.List(new() { State = RunState.Skipped }, first.Next, 10);
        var third = Pages.List(new() { State = RunState.Skipped }, second.Next, 10);

        Assert.Equal((0, wanted + 6_001, true), (first.Found.Count, first.Next, first.LookedBackTo is not null));
        Assert.Equal((0, wanted + 2_001), (second.Found.Count, second.Next));
        Assert.Equal([wanted], Numbers(third));
        Assert.Null(third.Next);
    }

    private List<long> Find(RunFilter filter) => Numbers(Pages.List(filter, null, 100));

    private static List<long> Numbers(Page<RecordedRun> page) => [.. page.Found.Select(run => run.Id)];

    private async Task<long> EndAsync(PlannedRun planned, RunState state)
    {
        var run = await Under.StartAsync(planned);
        await Under.Runs.SaveAsync(run.End(state), [], Token);
        return run.Id;
    }

    private async Task<long> WaitAsync(WaitReason reason, DateTimeOffset? dueAt)
    {
        var run = await Under.StartAsync();
        await Under.Runs.SaveAsync(run.Wait(reason, dueAt), [], Token);
        return run.Id;
    }
}
