using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Whose the account's own notes are, and which of its posts are on their way.</summary>
public abstract class NoteOwnersContract : StoreContract
{
    private protected NoteOwnersContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Fact]
    public async Task Other_posts_that_are_intended_or_uncertain_are_on_their_way()
    {
        var (run, step) = await HaveAsync(StepState.Intended, "asks");
        await HaveAsync(StepState.Intended, "intended");
        await HaveAsync(StepState.Uncertain, "uncertain");
        await HaveAsync(StepState.Pending, "pending");
        await HaveAsync(StepState.Failed, "failed");
        await HaveAsync(StepState.Done, "done", answer: """{"createdNote":{"id":"n1"}}""");
        await HaveAsync(StepState.Uncertain, "no post", endpoint: "following/create");

        var others = await Store.Runs.ListOnTheirWayAsync(run, step, Token);

        Assert.Equal(
            [("""{"text":"intended"}""", StepState.Intended), ("""{"text":"uncertain"}""", StepState.Uncertain)],
            others.Select(other => (other.Intent!.Body, other.State)).Order());
        Assert.All(others, other => Assert.Equal(Store.Now, other.At));
    }

    [Fact]
    public async Task Another_step_of_the_same_run_is_another_step()
    {
        var (run, step) = await HaveAsync(StepState.Uncertain, "asks");
        var second = Store.SomeStep("do[1]", StepState.Uncertain);
        await Store.Runs.SaveAsync(run.With(second), [second], Token);

        Assert.Equal("do[1]", Assert.Single(await Store.Runs.ListOnTheirWayAsync(run, step, Token)).Path);
    }

    [Fact]
    public async Task A_note_is_owned_by_the_step_that_was_answered_with_it_or_that_found_it()
    {
        var (run, step) = await HaveAsync(StepState.Uncertain, "asks");
        var (answered, itsStep) = await HaveAsync(StepState.Done, "answered", answer: """{"createdNote":{"id":"n1"}}""");
        await HaveAsync(StepState.Done, "found", answer: """{"createdNote":{"id":"n2"}}""", reason: Reconciliation.FoundThere);

        var makers = await Store.Runs.FindMakersAsync(run, step, ["n1", "n2", "n3"], Token);

        Assert.Equal(
            [("n1", new Maker(Store.Now, WasAnswered: true)), ("n2", new Maker(Store.Now, WasAnswered: false))],
            makers.Select(maker => (maker.Key, maker.Value)).OrderBy(maker => maker.Key, StringComparer.Ordinal));
        Assert.Empty(await Store.Runs.FindMakersAsync(answered, itsStep, ["n1"], Token));
    }

    [Fact]
    public async Task A_note_that_two_steps_found_becomes_that_of_the_first()
    {
        var (first, its) = await HaveAsync(StepState.Uncertain, "same");
        var (second, others) = await HaveAsync(StepState.Uncertain, "same");

        Assert.True(await Store.Runs.SaveFoundAsync(first, Found(its), "n1", Token));
        Assert.False(await Store.Runs.SaveFoundAsync(second, Found(others), "n1", Token));

        Assert.Empty(await Store.Runs.ListOnTheirWayAsync(second, others, Token));
        Assert.Single(await Store.Runs.ListOnTheirWayAsync(first, its, Token));
        Assert.Single(await Store.Runs.FindMakersAsync(second, others, ["n1"], Token));
        Assert.Empty(await Store.Runs.FindMakersAsync(first, its, ["n1"], Token));
    }

    [Fact]
    public async Task Own_notes_that_later_deliveries_told_of_are_receipts()
    {
        await TellAsync("before");
        var run = await Store.StartAsync();
        await TellAsync("after");

        var told = await Store.Runs.ListReceiptsAsync(run, Store.Now, Token);

        Assert.Equal("after", Assert.Single(told).GetText("id"));
        Assert.Empty(await Store.Runs.ListReceiptsAsync(run, Store.Now.AddMilliseconds(1), Token));
        Assert.Empty(await Store.Runs.ListReceiptsAsync(run with { Account = "bob" }, Store.Now, Token));
    }

    [Fact]
    public async Task Receipts_of_a_run_that_waited_long_are_looked_for_from_its_post_on_and_not_from_its_event_on()
    {
        var run = await Store.StartAsync();
        var began = Store.Now;

        // Only whoever goes through all since the event comes by this one.
        Store.Time.AdjustTime(began.AddHours(5));
        await TellAsync("by a clock that was ahead");
        Store.Time.AdjustTime(began);
        for (var number = 0; number < 9; number++)
        {
            await TellAsync($"while it waited {number}");
        }

        Store.Time.Advance(TimeSpan.FromHours(3));
        await TellAsync("after");

        Assert.Equal(["after"], (await Store.Runs.ListReceiptsAsync(run, Store.Now, Token)).Select(note => note.GetText("id")));
    }

    [Fact]
    public async Task Requests_that_make_no_note_are_not_read_for_a_note_or_a_reply()
    {
        var (run, step) = await HaveAsync(StepState.Uncertain, "hi");
        var (other, _) = await HaveAsync(StepState.Uncertain, "never answered", endpoint: "http");
        const string Unreadable = "update steps set intent = '{\"endpoint\":' where run = ?";
        await ((DurableUnderTest)Store).Store.Writer.RunAsync(db => db.Sql(Unreadable).Bind(other.Id).RunAndCount(), Token);
        var note = JsonElement.Parse("""{ "id": "n1", "text": "hi" }""");

        Assert.Empty(await Store.Runs.ListOnTheirWayAsync(run, step, Token));
        Assert.True(await Store.Inbox.IsOwnDeedAsync(new("alice", "notes/create", "n1", note), Token));
        Assert.Equal(run.Id, Assert.Single(HeardReplies.FindAnswered(((DurableUnderTest)Store).Store.Readers, "alice", note)));
    }

    private static Step Found(Step step) => step with
    {
        State = StepState.Done,
        Answer = """{"createdNote":{"id":"n1"}}""",
        Reason = Reconciliation.FoundThere,
    };

    private async Task TellAsync(string noteId)
    {
        var body = """{"type":"note","body":{"note":{"id":"ID"}}}""".Replace("ID", noteId, StringComparison.Ordinal);
        await Store.Inbox.AddAsync(StoreUnderTest.Some(noteId, body: body) with { ReceivedAt = Store.Now }, Token);
        await Store.Inbox.CompleteAsync(Store.DecisionOf((await Store.Inbox.TakeAsync(0, 100, Token))[^1]), Token);
    }

    private async Task<(Run Run, Step Step)> HaveAsync(
        StepState state, string text, string endpoint = "notes/create", string? answer = null, string? reason = null)
    {
        var step = Store.SomeStep(state: state, endpoint: endpoint, body: $$"""{"text":"{{text}}"}""", answer: answer) with { Reason = reason };
        var run = (await Store.StartAsync()).With(step);
        await Store.Runs.SaveAsync(run, [step], Token);
        return (run, step);
    }
}
