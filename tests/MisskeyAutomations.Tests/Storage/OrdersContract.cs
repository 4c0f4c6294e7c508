using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what people order about runs and events, on every database.</summary>
public abstract class OrdersContract : StoreContract
{
    private const string Mention = """{"type":"mention","eventId":"e1","userId":"me","body":{"note":{"id":"n1","userId":"u1","text":"hi","mentions":["me"],"user":{"id":"u1","username":"bob"}}}}""";

    private protected OrdersContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private OrderedRuns Ordered => new(Under.Store);

    private OnceMore Again => new(Under.Store);

    private Quarantine Quarantine => new(Under.Store, (StoredInbox)Under.Inbox);

    [Fact]
    public async Task A_waiting_run_is_ended_and_what_it_held_is_free()
    {
        var limit = new LimitClaim("all", 1, Under.Now.AddDays(-1), "1 per day");
        var waiting = await Under.StartAsync(Under.Plan(state: RunState.Waiting, waitsFor: WaitReason.After, dueAt: Under.Now.AddHours(1), claims: limit));

        var (answer, _) = await Ordered.CancelAsync(waiting.Id, Token);
        var next = await Under.StartAsync(Under.Plan(claims: limit));

        Assert.Equal(CancelAnswer.Cancelled, answer);
        Assert.Equal((RunState.Cancelled, "a person ended it"), Look(waiting.Id));
        Assert.Equal(RunState.Running, next.State);
        Under.Time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await Under.Runs.ClaimAsync(waiting.Id, [], Token));
        Assert.Equal((CancelAnswer.HasEnded, CancelAnswer.NoRun), ((await Ordered.CancelAsync(waiting.Id, Token)).Answer, (await Ordered.CancelAsync(999, Token)).Answer));
    }

    [Fact]
    public async Task Whoever_waited_for_its_turn_behind_it_is_due()
    {
        var turn = new OverlapClaim(OverlapMode.Queue, "all", "queue");
        var first = await Under.StartAsync(Under.Plan(overlap: turn));
        var second = await Under.StartAsync(Under.Plan(overlap: turn));
        await Under.Runs.SaveAsync(first.Wait(WaitReason.Step, Under.Now.AddHours(1)), [], Token);

        var (_, rings) = await Ordered.CancelAsync(first.Id, Token);

        Assert.Equal([new Ring(second.Id, Under.Now)], rings);
        Assert.NotNull(await Under.Runs.ClaimAsync(second.Id, [], Token));
    }

    [Fact]
    public async Task A_run_at_work_ends_before_its_next_step()
    {
        var run = await Under.StartAsync();

        var (answer, _) = await Ordered.CancelAsync(run.Id, Token);
        var done = Under.SomeStep(state: StepState.Done, hadEffect: true);
        var saved = await Under.Runs.SaveAsync(run.With(done), [done], Token);

        Assert.Equal((CancelAnswer.Stopping, RunState.Cancelled, "a person ended it"), (answer, saved.Run.State, saved.Run.Reason));
    }

    [Fact]
    public async Task A_failed_run_goes_on_with_the_step_that_failed_prepared_anew()
    {
        var (run, first) = (await Under.StartAsync(), Under.SomeStep(state: StepState.Done, hadEffect: true));
        var failed = Under.SomeStep("do[1]", StepState.Failed) with { Reason = "no such note" };
        await Under.Runs.SaveAsync(run.With(first).With(failed).End(RunState.Failed, "no such note"), [first, failed], Token);
        Under.Time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(RetryAnswer.GoesOn, await Ordered.RetryAsync(run.Id, "text of greet", Token));
        var claimed = await Under.Runs.ClaimAsync(run.Id, [], Token);

        Assert.Equal(["do[0]"], claimed!.Steps.Keys);
        Assert.Equal((RunState.Running, 0, null, TimeSpan.FromDays(3)), (claimed.State, claimed.Attempts, claimed.Reason, claimed.Waited));
        Assert.Equal("text of greet", await Under.Runs.LoadRuleTextAsync("hash of greet", Token));
    }

    [Fact]
    public async Task What_may_have_had_an_effect_is_sent_again_as_it_was()
    {
        var run = await Under.StartAsync();
        var failed = Under.SomeStep(state: StepState.Failed, hadEffect: true) with { Reason = "gave up" };
        await Under.Runs.SaveAsync(run.With(failed).End(RunState.Failed, "gave up"), [failed], Token);

        await Ordered.RetryAsync(run.Id, "text", Token);
        var step = (await Under.Runs.ClaimAsync(run.Id, [], Token))!.Steps["do[0]"];

        Assert.Equal((StepState.Pending, true, failed.Intent!.Body), (step.State, step.HadEffect, step.Intent!.Body));
    }

    [Fact]
    public async Task Only_what_has_failed_goes_on()
    {
        var ended = await Under.StartAsync();
        await Under.Runs.SaveAsync(ended.End(RunState.Succeeded), [], Token);
        var turned = await Under.StartAsync();
        await Under.Runs.SaveAsync((turned with { Branch = "on-error" }).End(RunState.Failed, "no"), [], Token);

        Assert.Equal(RetryAnswer.HasNotFailed, await Ordered.RetryAsync(ended.Id, "text", Token));
        Assert.Equal(RetryAnswer.TookOnError, await Ordered.RetryAsync(turned.Id, "text", Token));
        Assert.Equal(RetryAnswer.NoRun, await Ordered.RetryAsync(999, "text", Token));
    }

    [Fact]
    public async Task An_event_that_was_given_up_is_not_decided_however_it_is_reported()
    {
        var delivery = await Under.ArriveAsync(body: Mention);
        Assert.False(await Quarantine.DropDeliveryAsync(delivery.Id, Token));
        await Under.Inbox.CompleteAsync(Under.DecisionOf(delivery) with { State = DeliveryState.Quarantined, Subject = null }, Token);

        Assert.True(await Quarantine.DropDeliveryAsync(delivery.Id, Token));

        var queries = new EventQueries(Under.Store.Readers);
        Assert.Empty(queries.ListQuarantined(10));
        Assert.Equal((DeliveryState.Dropped, "a person gave it up"), queries.List([delivery.Id]).Select(recorded => (recorded.State, recorded.Note)).Single());
        Assert.False(await Quarantine.RetryDeliveryAsync(delivery.Id, Token));
        Assert.True((await Under.DecideAsync(new("note:n1", Recurs: false), hook: "hook2")).AlreadyDecided);
    }

    [Fact]
    public async Task A_run_that_was_given_up_is_set_aside_no_more()
    {
        var run = await Under.StartAsync();
        await Under.Runs.SaveAsync(run.End(RunState.Failed, "set aside"), [], Token);
        Assert.False(await Quarantine.DropRunAsync(run.Id, Token));
        await Under.Store.Writer.RunAsync(db => db.Sql("insert into deaths (kind, id, number, at) values (1, ?, 3, 0)").Bind(run.Id).Run(), Token);

        Assert.True(await Quarantine.DropRunAsync(run.Id, Token));

        Assert.Empty(new RunQueries(Under.Store.Readers).ListSetAside(10));
        Assert.Equal((RunState.Failed, "set aside"), Look(run.Id));
    }

    [Fact]
    public async Task An_event_that_happens_once_more_is_a_delivery_with_the_same_bytes()
    {
        var first = await Under.ArriveAsync(body: Mention);
        await Under.Inbox.CompleteAsync(Under.DecisionOf(first, new("note:n1", Recurs: false)), Token);
        var past = Again.Find(first.Id)!;
        Under.Time.Advance(TimeSpan.FromDays(2));

        var (number, decided) = await Again.AddAsync(past, withActed: false, _ => Under.DecisionOf(first, runs: Under.Plan()) with { Subject = null, LeavesRunsFree = true }, Token);

        var recorded = new EventQueries(Under.Store.Readers).List([number]).Single();
        Assert.Equal((DeliveryState.Planned, first.Id, "n1"), (recorded.State, OnceMore.FirstOf(recorded.EventId), recorded.Happening!.Note!.Value.GetProperty("id").GetString()));
        Assert.Equal((number, RunState.Ready), (decided.Runs.Single().DeliveryId, decided.Runs.Single().State));
        Assert.Equal([decided.Runs.Single().Id], (await Under.Runs.ClaimDueAsync(10, [], Token)).Select(run => run.Id));
        Assert.Null(Again.Find(999));
    }

    [Theory]
    [InlineData(RunState.Running, false, true)]
    [InlineData(RunState.Succeeded, false, true)]
    [InlineData(RunState.Failed, true, true)]
    [InlineData(RunState.Failed, false, false)]
    [InlineData(RunState.Skipped, false, false)]
    [InlineData(RunState.Cancelled, false, false)]
    public async Task Rules_that_acted_at_any_time_are_known(RunState state, bool hadEffect, bool hasActed)
    {
        var first = await Under.ArriveAsync(body: Mention);
        await Under.Inbox.CompleteAsync(Under.DecisionOf(first), Token);
        var past = Again.Find(first.Id)!;
        var (_, decided) = await Again.AddAsync(past, withActed: false, _ => Under.DecisionOf(first, runs: Under.Plan()) with { Subject = null }, Token);
        var (run, step) = (decided.Runs.Single(), Under.SomeStep(state: StepState.Failed, hadEffect: hadEffect));
        await Under.Runs.SaveAsync(state == RunState.Running ? run.With(step) : run.With(step).End(state), [step], Token);

        Assert.Equal(hasActed ? ["greet"] : [], await ActedAsync(past, first, withActed: false));
        Assert.Empty(await ActedAsync(past, first, withActed: true));
    }

    [Theory]
    [InlineData("replay:12:639", 12L)]
    [InlineData("replay:12", null)]
    [InlineData("replay:x:1", null)]
    [InlineData("6f1c02a9-7bd4-4c7e-9f43-0d5a31f6b001", null)]
    public void What_an_event_id_names_is_read(string eventId, long? number) => Assert.Equal(number, OnceMore.FirstOf(eventId));

    private async Task<IReadOnlySet<string>> ActedAsync(PastDelivery past, Delivery first, bool withActed)
    {
        IReadOnlySet<string> told = new HashSet<string>(StringComparer.Ordinal) { "not asked" };
        Under.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Again.AddAsync(
            past,
            withActed,
            acted =>
            {
                told = acted;
                return Under.DecisionOf(first) with { Subject = null };
            },
            Token);
        return told;
    }

    private (RunState State, string? Reason) Look(long run) => new RunQueries(Under.Store.Readers).Find(run) is { } found ? (found.State, found.Reason) : default;
}
