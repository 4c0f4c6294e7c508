using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

public sealed class LoopTests
{
    [Fact]
    public async Task Each_entry_has_its_round_with_a_path_of_its_own()
    {
        var stage = new Stage("""
            rules:
              - name: files
                on: mention
                do:
                  - for-each: word in split(note.text, ' ')
                    do:
                      - log: ${word}
                  - log: over
            """);

        await stage.HappenAsync("mention", Some.Mention("a b c"));

        Assert.Equal(["log a", "log b", "log c", "log over"], stage.Sent);
        Assert.Equal(["do[0]", "do[0]#1.do[0]", "do[0]#2.do[0]", "do[0]#3.do[0]", "do[1]"], stage.OnlyRun.Steps.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
    }

    [Fact]
    public async Task Loops_inside_loops_see_the_entries_of_both_and_forks_inside_decide_anew()
    {
        var stage = new Stage("""
            rules:
              - name: table
                on: mention
                do:
                  - for-each: row in split(note.text, ';')
                    do:
                      - for-each: cell in split(row, ' ')
                        do:
                          - if: cell == 'x'
                            then:
                              - log: "${row}: found"
                          - log: ${row}-${cell}
            """);

        await stage.HappenAsync("mention", Some.Mention("a x;y"));

        Assert.Equal(["log a x-a", "log a x: found", "log a x-x", "log y-y"], stage.Sent);
        Assert.Contains("do[0]#1.do[0]#2.do[0].then[0]", stage.OnlyRun.Steps.Keys);
    }

    [Fact]
    public async Task The_list_is_that_of_the_beginning_and_a_wait_inside_goes_on_in_the_same_round()
    {
        var stage = new Stage("""
            rules:
              - name: slow
                on: mention
                do:
                  - for-each: n in split(state('list'), ' ')
                    do:
                      - wait: 1h
                      - log: ${n}
            """);
        stage.Store.GivenState["list"] = "\"1 2 3\"";

        await stage.HappenAsync("mention", Some.Mention());
        stage.Store.GivenState["list"] = "\"9\"";
        for (var hour = 0; hour < 3; hour++)
        {
            await stage.PassAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal(["log 1", "log 2", "log 3"], stage.Sent);
        Assert.Equal(TimeSpan.FromHours(3), stage.OnlyRun.Waited);
    }

    [Fact]
    public async Task Every_round_throws_dice_of_its_own_and_keeps_them()
    {
        const string Rules = """
            rules:
              - name: dice
                on: mention
                do:
                  - for-each: n in split(note.text, ' ')
                    do:
                      - log: ${random(1, 1000000)}
                        continue-on-error: true
            """;
        var (one, other) = (new Stage(Rules), new Stage(Rules));
        other.Outcomes.Enqueue(new ActionOutcome.NotSent("not now"));

        await one.HappenAsync("mention", Some.Mention("a b c d e"));
        await other.HappenAsync("mention", Some.Mention("a b c d e"));
        await other.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Distinct(one.Sent);
        Assert.Equal(one.Sent, other.Sent.Skip(1));
    }

    [Fact]
    public async Task Names_of_answers_belong_to_their_round()
    {
        var stage = new Stage("""
            rules:
              - name: rounds
                on: mention
                do:
                  - for-each: n in split(note.text, ' ')
                    do:
                      - if: n == 'a'
                        then:
                          - note: question
                            as: asked
                      - log: "${n}: ${coalesce(asked.id, 'none')}"
            """);
        stage.Outcomes.Enqueue(new ActionOutcome.Done(System.Text.Json.JsonElement.Parse("""{"id":"x1"}""")));

        await stage.HappenAsync("mention", Some.Mention("a b"));

        Assert.Equal(["note question", "log a: x1", "log b: none"], stage.Sent);
    }

    [Fact]
    public async Task A_hundred_rounds_are_taken_and_the_rest_is_told_of()
    {
        var stage = new Stage("""
            rules:
              - name: many
                on: mention
                do:
                  - for-each: n in split(note.text, ' ')
                    do: { log: "${n}" }
            """);

        await stage.HappenAsync("mention", Some.Mention(string.Join(' ', Enumerable.Range(1, 250))));

        Assert.Equal(100, stage.Sent.Count);
        Assert.Equal("only the first 100 of 250 entries: a loop has no more rounds", stage.OnlyRun.Steps["do[0]"].Reason);
    }

    [Fact]
    public async Task Loops_that_multiply_end_before_they_fill_the_store()
    {
        var stage = new Stage("""
            rules:
              - name: many
                on: mention
                do:
                  - for-each: a in split(note.text, ' ')
                    do:
                      for-each: b in split(note.text, ' ')
                      do: { log: "${b}" }
            """);

        await stage.HappenAsync("mention", Some.Mention(string.Join(' ', Enumerable.Range(1, 100))));

        Assert.Equal((RunState.Failed, "it took 2000 steps, and a run may take no more"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
    }

    [Fact]
    public async Task What_is_no_list_fails_and_nothing_has_no_rounds()
    {
        var stage = new Stage("""
            rules:
              - name: wrong
                on: mention
                do:
                  - for-each: a in state('none')
                    do: { log: never }
                  - for-each: a in state('text')
                    continue-on-error: true
                    do: { log: never }
                  - log: goes on
                  - for-each: a in state('text')
                    do: { log: never }
            """);
        stage.Store.GivenState["text"] = "\"word\"";

        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(["log goes on"], stage.Sent);
        Assert.Equal((RunState.Failed, "state('text') is no list, but 'word'"), (stage.OnlyRun.State, stage.OnlyRun.Reason));
        Assert.Equal(StepState.Failed, stage.OnlyRun.Steps["do[1]"].State);
    }

    [Fact]
    public async Task Text_of_a_private_note_is_private_in_a_loop_too()
    {
        var stage = new Stage("""
            rules:
              - name: words
                on: mention
                do:
                  - for-each: word in split(note.text, ' ')
                    do: { log: "${word}" }
            """);

        await stage.HappenAsync("mention", Some.Mention("secret words", visibility: "specified", more: ""","visibleUserIds":["me"]"""));

        Assert.Equal(2, stage.Sent.Count);
        Assert.All(stage.Prepared.Where(input => input.Main.Text is "secret" or "words"), input => Assert.True(input.Main.HoldsPrivate));
    }
}
