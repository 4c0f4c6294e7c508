using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What a rule wanted to answer is gone when its wait is over.</summary>
public sealed class GoneTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromHours(1.1);

    [Theory]
    [InlineData("after: 1h", "reply: hi")]
    [InlineData("after: 1h", "quote: hi")]
    [InlineData("after: 1h", "renote: note")]
    [InlineData("after: 1h", "react: star")]
    [InlineData("after: 1h", "favorite: note")]
    [InlineData("after: 1h", "log: ${note.said}")]
    [InlineData("", "wait: 1h", "reply: hi")]
    [InlineData("", "wait-until: ${now}", "wait: 1h", "reply: hi")]
    [InlineData("let: { of: note.id }", "wait: 1h", "react: star", "to: of")]
    public async Task Whoever_deletes_their_note_during_a_wait_is_left_alone(string key, params string[] steps)
    {
        await using var house = await AfterAWaitAsync(RuleOf(key, steps), (world, note) => world.Delete(note));

        AssertGone(house, "the note was deleted");
    }

    [Theory]
    [InlineData("dm: hi", "the user's account was deleted or suspended")]
    [InlineData("dm: hi ${user.name}", "the user's account was deleted or suspended")]
    [InlineData("note: ${mention(user)} was here", "the user's account was deleted or suspended")]
    [InlineData("follow: user", "the user's account was deleted or suspended")]
    [InlineData("reply: hi", "the note was deleted")]
    public async Task Whoever_deletes_their_account_during_a_wait_is_left_alone(string step, string reason)
    {
        await using var house = await AfterAWaitAsync(RuleOf("after: 1h", step), (world, note) => world.DeleteAccount(note.Author));

        AssertGone(house, reason);
    }

    [Theory]
    [InlineData("reply: hi", "the note was deleted")]
    [InlineData("quote: hi", "the note was deleted")]
    [InlineData("renote: note", "the note was deleted")]
    [InlineData("react: star", "the note was deleted")]
    [InlineData("favorite: note", "the note was deleted")]
    [InlineData("follow: user", "the user's account was deleted or suspended")]
    public async Task So_it_is_when_the_server_is_the_first_to_say_so(string step, string reason)
    {
        await using var house = await DeletedBeforeAsync(step);

        var run = Assert.Single(house.Ledger.Runs());
        Assert.Equal((RunState.Skipped, Gates.Gone, reason), (run.State, run.Gate, run.Reason));
        Assert.Equal((StepState.Skipped, reason), Assert.Single(house.Ledger.Steps().Select(taken => (taken.State, taken.Reason))));
        Assert.DoesNotContain(house.Writes(), call => call.Status is >= 200 and < 300);
    }

    [Fact]
    public async Task A_step_that_may_fail_fails_then_and_the_run_goes_on()
    {
        await using var house = await DeletedBeforeAsync("reply: hi\n        continue-on-error: true\n      - note: all the same");

        Assert.Equal(RunState.Succeeded, Assert.Single(house.Ledger.Runs()).State);
        Assert.Equal([StepState.Failed, StepState.Done], house.Ledger.Steps().Select(step => step.State));
        Assert.Equal("all the same", Assert.Single(house.World.NotesOf(house.Owner)).Text);
    }

    [Fact]
    public async Task Somebody_who_was_suspended_during_a_wait_is_not_answered_though_their_note_is_there()
    {
        await using var house = await AfterAWaitAsync(RuleOf("after: 1h", "reply: hi"), (world, note) => world.Suspend(note.Author));

        AssertGone(house, "the user's account was deleted or suspended");
    }

    [Fact]
    public async Task A_run_that_waited_for_its_turn_or_its_place_asks_as_well()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: turn
                on: mention
                overlap: queue
                do: [ { wait: 1h }, { react: star } ]
              - name: place
                on: mention
                limit: { max: 1, within: 1h, over: delay }
                do: [ { reply: hi } ]
            """);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice one");
        await house.RestAsync();
        var second = house.World.Post(bob, "@alice two");
        await house.RestAsync();

        house.World.Delete(second);
        await house.RestartAsync(later: Wait);
        await house.RestAsync();
        await house.RestartAsync(later: Wait);
        await house.RestAsync();

        Assert.Equal(2, house.Ledger.Runs().Count(run => run.State == RunState.Succeeded));
        Assert.All(house.Ledger.Runs().Where(run => run.State != RunState.Succeeded), run => Assert.Equal((RunState.Skipped, Gates.Gone), (run.State, run.Gate)));
        Assert.Single(house.Calls("notes/create"));
    }

    [Fact]
    public async Task Steps_that_need_neither_go_on()
    {
        await using var house = await AfterAWaitAsync(
            RuleOf("after: 1h", "note: good morning", "api: users/show", "with: { username: alice }"), (world, note) => world.DeleteAccount(note.Author));

        Assert.Equal(RunState.Succeeded, Assert.Single(house.Ledger.Runs()).State);
        Assert.Single(house.Calls("notes/create"));
    }

    [Theory]
    [InlineData("reply: hi", "notes/show")]
    [InlineData("dm: hi", "users/show")]
    public async Task A_server_that_cannot_say_for_now_is_asked_again(string step, string endpoint)
    {
        await using var house = await House.OpenAsync(RuleOf("after: 1h", step));
        house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await house.RestAsync();

        house.Misskey.Inject(endpoint, Fault.Html502, times: 2);
        await house.RestartAsync(later: Wait);
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Succeeded, "it is asked again, and answers");

        Assert.Contains(house.World.Calls, call => call.Endpoint == endpoint && call.Status == 502);
        Assert.Single(house.Calls("notes/create"));
    }

    // Somebody says hello and leaves, and only then the engine hears of it.
    private static async Task<House> DeletedBeforeAsync(string step)
    {
        var house = await House.OpenAsync(RuleOf("", step), start: false);
        await house.StartAsync();
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.Owner, receiver.Url, House.Secret, "mention");
        var note = house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        var hook = await receiver.NextAsync();
        house.World.DeleteAccount(note.Author);
        await house.PostAsync(hook.Text);
        await house.RestAsync();
        return house;
    }

    // Somebody says hello, and something happens while the rule waits.
    private static async Task<House> AfterAWaitAsync(string rule, Action<SandboxWorld, Note> meanwhile)
    {
        var house = await House.OpenAsync(rule);
        var note = house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await house.RestAsync();

        meanwhile(house.World, note);
        await house.RestartAsync(later: Wait);
        await house.RestAsync();
        return house;
    }

    private static void AssertGone(House house, string reason)
    {
        var run = Assert.Single(house.Ledger.Runs());
        Assert.Equal((RunState.Skipped, Gates.Gone, reason), (run.State, run.Gate, run.Reason));
        Assert.Empty(house.Writes());
    }

    // Options stand beside the last step.
    private static string RuleOf(string key, params string[] steps)
    {
        var lines = steps.Select(step => step.StartsWith("to:", StringComparison.Ordinal) || step.StartsWith("with:", StringComparison.Ordinal) ? $"        {step}" : $"      - {step}");
        return $"rules:\n  - name: answers\n    on: mention\n    {key}\n    do:\n{string.Join('\n', lines)}\n";
    }
}
