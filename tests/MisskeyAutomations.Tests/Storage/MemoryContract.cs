using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What runs keep for later ones, and the replies that they hear.</summary>
public abstract class MemoryContract : StoreContract
{
    private static readonly StateSlot Slot = new("account", "count");

    private int _count;

    private protected MemoryContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task What_is_kept_is_there_with_the_step_that_kept_it_also_after_a_restart()
    {
        var run = await Store.StartAsync();
        var step = SetStep();

        Assert.True(await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "1", null)], [], Token));
        Store.Reopen();

        var claimed = Assert.Single(await Store.Runs.ClaimDueAsync(10, [], Token));
        Assert.Equal("1", await Store.Runs.FindStateAsync(claimed, Slot, Token));
        Assert.Equal(StepState.Done, claimed.Steps["do[0]"].State);
    }

    [Fact]
    public async Task A_change_that_rests_on_something_old_changes_nothing()
    {
        var (run, other) = (await Store.StartAsync(), await Store.StartAsync());
        await SetAsync(other, "5");

        var step = SetStep();
        var taken = await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "1", null)], [new(Slot, null)], Token);

        Assert.False(taken);
        Assert.Equal("5", await Store.Runs.FindStateAsync(run, Slot, Token));
        Store.Reopen();
        Assert.Empty((await Store.Runs.ClaimAsync(run.Id, [], Token))!.Steps);
    }

    [Fact]
    public async Task A_step_that_is_done_changes_nothing_when_it_is_taken_again()
    {
        var run = await Store.StartAsync();
        var step = SetStep();
        await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "1", null)], [new(Slot, null)], Token);

        var again = await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "2", null)], [new(Slot, "1")], Token);

        Assert.True(again);
        Assert.Equal("1", await Store.Runs.FindStateAsync(run, Slot, Token));
        await Store.Runs.SaveAsync(run.Wait(WaitReason.Hold, null), [], Token);
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "3", null)], [], Token));
    }

    [Fact]
    public async Task Who_lost_the_lease_keeps_nothing()
    {
        var run = await Store.StartAsync();
        await Store.Runs.SaveAsync(run.Wait(WaitReason.Hold, null), [], Token);

        await Assert.ThrowsAsync<LeaseLostException>(() => SetAsync(run, "1"));

        Assert.Null(await Store.Runs.FindStateAsync(run, Slot, Token));
    }

    [Fact]
    public async Task Accounts_scopes_and_keys_are_apart()
    {
        var run = await Store.StartAsync();
        await SetAsync(run, "1");

        Assert.Null(await Store.Runs.FindStateAsync(run with { Account = "bob" }, Slot, Token));
        Assert.Null(await Store.Runs.FindStateAsync(run, Slot with { Scope = "user:u1" }, Token));
        Assert.Null(await Store.Runs.FindStateAsync(run, Slot with { Key = "Count" }, Token));
    }

    [Fact]
    public async Task What_ran_out_is_gone_and_null_removes()
    {
        var run = await Store.StartAsync();
        var step = SetStep();
        await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, "1", Store.Now.AddDays(7))], [], Token);
        Store.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("1", await Store.Runs.FindStateAsync(run, Slot, Token));

        Store.Time.Advance(TimeSpan.FromDays(7));
        Assert.Null(await Store.Runs.FindStateAsync(run, Slot, Token));

        await SetAsync(run, "2");
        await SetAsync(run, null);
        Assert.Null(await Store.Runs.FindStateAsync(run, Slot, Token));
    }

    [Fact]
    public async Task A_dry_run_sees_what_is_there_and_changes_a_copy()
    {
        var run = await Store.StartAsync();
        var dry = await Store.StartAsync(Store.Plan(isDryRun: true));
        await SetAsync(run, "1");
        var before = await Store.Runs.FindStateAsync(dry, Slot, Token);

        await SetAsync(dry, "2");
        var changed = await Store.Runs.FindStateAsync(dry, Slot, Token);
        await SetAsync(dry, null);

        Assert.Equal(("1", "2"), (before, changed));
        Assert.Null(await Store.Runs.FindStateAsync(dry, Slot, Token));
        Assert.Equal("1", await Store.Runs.FindStateAsync(run, Slot, Token));
    }

    [Fact]
    public async Task A_reply_that_came_before_the_run_waits_is_taken_at_once()
    {
        var run = await Store.StartAsync();
        var (delivery, decided) = await HearAsync(run.Id);

        var heard = await Store.Runs.HearAsync(run.Wait(WaitReason.Reply, Store.Now.AddMinutes(30)), WaitStep(), 1, Token);

        Assert.Equal(delivery, heard);
        Assert.Empty(decided.Runs);
        await Store.Runs.SaveAsync(run, [], Token);
    }

    [Fact]
    public async Task A_run_that_waits_is_claimed_when_its_reply_comes()
    {
        var run = await Store.StartAsync();
        var step = WaitStep();
        Assert.Null(await Store.Runs.HearAsync(run.With(step).Wait(WaitReason.Reply, Store.Now.AddMinutes(30)), step, 1, Token));
        Store.Time.Advance(TimeSpan.FromMinutes(5));

        var (delivery, decided) = await HearAsync(run.Id);

        var woken = Assert.Single(decided.Runs);
        Assert.Equal((RunState.Running, WaitReason.Reply), (woken.State, woken.WaitsFor));
        Assert.Equal(delivery, await Store.Runs.HearAsync(woken, step, 1, Token));
        Assert.Null(await Store.Runs.HearAsync(woken, step, 2, Token));
    }

    [Fact]
    public async Task A_reply_is_heard_once_however_many_deliveries_tell_of_it()
    {
        var run = await Store.StartAsync();
        var subject = new Subject("note:r1", Recurs: false);
        await HearAsync(run.Id, subject);

        var (_, again) = await HearAsync(run.Id, subject, "hook2");

        Assert.True(again.AlreadyDecided);
        Assert.Null(await Store.Runs.HearAsync(run, WaitStep(), 2, Token));
    }

    [Fact]
    public async Task A_run_that_has_ended_hears_nothing_and_the_event_is_left_to_be_decided_anew()
    {
        var run = await Store.StartAsync();
        await Store.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        var subject = new Subject("note:r1", Recurs: false);

        await Assert.ThrowsAsync<ListenerGoneException>(() => HearAsync(run.Id, subject));

        Assert.False((await Store.DecideAsync(subject)).AlreadyDecided);
    }

    [Fact]
    public async Task The_run_behind_a_note_is_found_while_its_request_is_on_its_way_and_afterwards()
    {
        var run = await Store.StartAsync();
        var step = Store.SomeStep(body: """{"text":" Your name? ","replyId":"n1"}""");
        await Store.Runs.SaveIntentAsync(run.With(step), step, [], Token);

        Assert.Equal([run.Id], await FindAsync("""{"id":"x1","text":"Your name?","replyId":"n1"}"""));
        Assert.Empty(await FindAsync("""{"id":"x1","text":"Your name?","replyId":"n2"}"""));

        var done = step with { State = StepState.Done, Answer = """{"id":"x1"}""" };
        await Store.Runs.SaveAsync(run.With(done), [done], Token);

        Assert.Equal([run.Id], await FindAsync("""{"id":"x1","text":"edited","replyId":"n1"}"""));
        Assert.Empty(await FindAsync("""{"id":"x2","text":"Your name?","replyId":"n1"}"""));

        await Store.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        Assert.Empty(await FindAsync("""{"id":"x1"}"""));
    }

    private async Task<IEnumerable<long>> FindAsync(string note) =>
        (await Store.Inbox.FindAnsweredAsync("alice", System.Text.Json.JsonElement.Parse(note), Token)).Select(run => run.Id);

    private async Task SetAsync(Run run, string? value)
    {
        var step = SetStep() with { Path = $"do[{++_count}]" };
        Assert.True(await Store.Runs.SetStateAsync(run.With(step), step, [new(Slot, value, null)], [], Token));
    }

    private async Task<(long Delivery, Decided Decided)> HearAsync(long runId, Subject? subject = null, string hook = "hook1")
    {
        var delivery = await Store.ArriveAsync(hook);
        return (delivery.Id, await Store.Inbox.CompleteAsync(Store.DecisionOf(delivery, subject) with { HeardBy = runId }, Token));
    }

    private Step SetStep() => Store.SomeStep(state: StepState.Done, endpoint: "") with { Kind = "set" };

    private Step WaitStep() => new() { Path = "do[1]", Kind = Hearing.Kind, State = StepState.Pending, At = Store.Now };
}
