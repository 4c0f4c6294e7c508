using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using static MisskeyAutomations.Engine.Tests.Runs.Doubtful;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>What becomes of a post whose outcome was missed.</summary>
public sealed class ReconciliationTests
{
    [Fact]
    public async Task A_note_that_is_found_is_the_steps_own_and_the_run_goes_on_with_it()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Listed([Note("n1", "PONG!")]);

        await stage.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["reply PONG!", "log said n1"], stage.Sent);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
        Assert.Equal((StepState.Done, Reconciliation.FoundThere), (stage.OnlyRun.Steps["do[0]"].State, stage.OnlyRun.Steps["do[0]"].Reason));
    }

    [Fact]
    public async Task A_note_that_never_shows_is_sent_again_after_the_third_look_byte_for_byte()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Listed([]);

        await stage.PassAsync(TimeSpan.FromSeconds(5));
        await stage.PassAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(["reply PONG!"], stage.Sent);
        await stage.PassAsync(TimeSpan.FromSeconds(60));
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([false, false, true], stage.Looked.Select(search => search.MustProve));
        Assert.Equal(["reply PONG!", "reply PONG!"], stage.Sent.Take(2));
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }

    [Fact]
    public async Task A_program_that_died_in_the_middle_is_no_reason_to_send_twice()
    {
        var stage = new Stage(Pong) { Looking = _ => new Sighting.Listed([Note("n1", "PONG!")]), Fault = new InvalidOperationException("killed") };
        await Assert.ThrowsAsync<RunFaultException>(() => stage.HappenAsync("mention", Some.Mention()));

        await stage.TakeOverAsync(stage.OnlyRun.Id);
        await stage.WorkAsync();
        Assert.Equal((WaitReason.Uncertain, StepState.Uncertain), (stage.OnlyRun.WaitsFor, stage.OnlyRun.Steps["do[0]"].State));
        await stage.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["reply PONG!", "log said n1"], stage.Sent);
    }

    [Fact]
    public async Task Whoever_watches_is_told_once_that_a_step_is_uncertain_however_often_it_is_looked_for()
    {
        var stage = new Stage(Pong);
        var told = new List<string?>();
        stage.Feed.Changed += (_, step) => told.AddRange(step is { State: StepState.Uncertain } ? [step.Reason] : []);
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("the answer was cut off"));
        stage.Looking = search => new Sighting.Failed($"trouble {search.MustProve}");

        await stage.HappenAsync("mention", Some.Mention());
        await LookOnAsync(stage, TimeSpan.FromHours(1));

        Assert.Equal(["the answer was cut off"], told);
        Assert.Equal("the answer was cut off", stage.OnlyRun.Steps["do[0]"].Reason);
        Assert.Equal("sent, unconfirmed: trouble True", stage.OnlyRun.Reason);
    }

    [Fact]
    public async Task A_webhook_about_the_note_is_receipt_enough()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => throw new InvalidOperationException("nobody is to be asked");

        await stage.HearOnlyAsync("note", $$"""{"note":{{Note("n1", "PONG!")}}}""", isRulesDeed: true);
        await stage.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["reply PONG!", "log said n1"], stage.Sent);
    }

    [Theory]
    [InlineData("at-most-once", 1, RunState.Failed, "it did not arrive, and is not sent again: 'delivery: at-most-once'")]
    [InlineData("effectively-once", 2, RunState.Succeeded, null)]
    public async Task At_most_once_looks_too_but_never_sends_again(string delivery, int sent, RunState state, string? reason)
    {
        var stage = await DoubtAsync($$"""
            rules:
              - name: pong
                on: mention
                do:
                  - reply: PONG!
                    delivery: {{delivery}}
            """);
        stage.Looking = _ => new Sighting.Listed([]);

        await LookOnAsync(stage, TimeSpan.FromMinutes(2));

        Assert.Equal((sent, state, reason), (stage.Sent.Count, stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_is_asked_for_a_day_and_never_taken_for_a_no()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Failed("no answer");

        await LookOnAsync(stage, TimeSpan.FromHours(23));
        Assert.NotNull(stage.OnlyRun.DueAt);
        await LookOnAsync(stage, TimeSpan.FromHours(2));

        Assert.Equal(["reply PONG!"], stage.Sent);
        Assert.InRange(stage.Looked.Count, 200, 320);
        Assert.Equal((WaitReason.Uncertain, null, StepState.Uncertain), (stage.OnlyRun.WaitsFor, stage.OnlyRun.DueAt, stage.OnlyRun.Steps["do[0]"].State));
    }

    [Fact]
    public async Task What_would_not_be_shown_is_left_to_the_owner()
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Blind("the account mutes its author");

        await LookOnAsync(stage, TimeSpan.FromHours(1));

        Assert.Single(stage.Sent);
        Assert.Equal(("the account mutes its author", null), (stage.OnlyRun.Steps["do[0]"].Reason, stage.OnlyRun.DueAt));
    }

    [Fact]
    public async Task A_step_that_may_fail_waits_for_certainty_while_there_is_hope_and_then_goes_on()
    {
        var stage = await DoubtAsync("""
            rules:
              - name: pong
                on: mention
                do:
                  - reply: PONG!
                    continue-on-error: true
                  - log: next
            """);
        Assert.Equal(["reply PONG!"], stage.Sent);
        stage.Looking = _ => new Sighting.Blind("nobody can tell");

        await stage.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["reply PONG!", "log next"], stage.Sent);
        Assert.Equal((RunState.Succeeded, StepState.Uncertain), (stage.OnlyRun.State, stage.OnlyRun.Steps["do[0]"].State));
    }

    [Fact]
    public async Task What_has_become_late_while_it_was_looked_for_is_not_sent_any_more()
    {
        var stage = await DoubtAsync(Pong.Replace("on: mention", "on: mention\n    late: 1m", StringComparison.Ordinal));
        stage.Looking = _ => new Sighting.Listed([]);

        await LookOnAsync(stage, TimeSpan.FromMinutes(5));

        Assert.Equal(["reply PONG!"], stage.Sent);
        Assert.Equal(RunState.Failed, stage.OnlyRun.State);
        Assert.Contains("it did not arrive", stage.OnlyRun.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, StepState.Done)]
    [InlineData(2, StepState.Uncertain)]
    public async Task A_hidden_note_is_it_only_when_there_is_one(int notes, StepState state)
    {
        var stage = await DoubtAsync(Pong);
        stage.Looking = _ => new Sighting.Listed([.. Enumerable.Range(1, notes).Select(number => Note($"n{number}", null, ""","isHidden":true"""))]);

        await LookOnAsync(stage, TimeSpan.FromMinutes(5));

        Assert.Equal(state, stage.OnlyRun.Steps["do[0]"].State);
        Assert.Single(stage.Sent, sent => sent == "reply PONG!");
    }

    [Fact]
    public async Task A_server_that_answers_two_equal_posts_with_one_note_is_believed_and_that_is_told()
    {
        var stage = new Stage("""
            rules:
              - name: one
                on: mention
                do:
                  - reply: PONG!
              - name: two
                on: mention
                do:
                  - reply: PONG!
            """);
        stage.Server = _ => Task.FromResult<ActionOutcome>(new ActionOutcome.Done(Note("n1", "PONG!")));

        await stage.HappenAsync("mention", Some.Mention());

        Assert.All(stage.Store.Runs, run => Assert.Equal(RunState.Succeeded, run.State));
        Assert.Equal([null, Reconciliation.SameNote], stage.Store.Runs.Select(run => run.Steps["do[0]"].Reason));
    }

    [Theory]
    [InlineData("""{"text":" hi\u3000\uFEFF"}""", """{"text":"hi"}""", true)]
    [InlineData("""{"text":"hi\u200B"}""", """{"text":"hi"}""", false)]
    [InlineData("""{"text":"hi","replyId":"a"}""", """{"text":"hi","replyId":"b"}""", false)]
    [InlineData("""{"text":"hi","cw":"x"}""", """{"text":"hi","cw":null}""", false)]
    [InlineData("""{"text":"hi","fileIds":["f"]}""", """{"text":"hi","fileIds":["g"]}""", true)]
    [InlineData("""{"text":"hi","mediaIds":["f","g"]}""", """{"text":"hi","fileIds":["g"]}""", false)]
    [InlineData("""{"text":"hi","poll":{"choices":["a","b"]}}""", """{"text":"hi","poll":{"choices":[{"text":"a"},{"text":"b"}]}}""", true)]
    [InlineData("""{"text":"hi","poll":{"choices":["a","b"]}}""", """{"text":"hi","poll":{"choices":[{"text":"b"},{"text":"a"}]}}""", false)]
    [InlineData("""{"renoteId":"a","visibility":"public"}""", """{"renoteId":"a","text":null,"visibility":"home"}""", true)]
    public void A_note_is_compared_as_Misskey_would_have_made_it(string request, string note, bool isIt) =>
        Assert.Equal(isIt, NoteLikeness.OfRequest(request) == NoteLikeness.OfNote(JsonElement.Parse(note)));

    [Fact]
    public void A_text_that_is_too_long_is_compared_as_it_was_cut() =>
        Assert.Equal(
            NoteLikeness.OfNote(JsonSerializer.SerializeToElement(new { text = new string('x', 8192) })),
            NoteLikeness.OfRequest(JsonSerializer.Serialize(new { text = new string('x', 9000) })));
}
