using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>What <c>set</c> keeps and <c>state</c> reads.</summary>
public sealed class StateTests
{
    private const string Counter = """
        rules:
          - name: count
            on: mention
            do:
              - set:
                  n: ${coalesce(state('n', 'user'), 0) + 1}
                per: user
              - log: ${state('n', 'user')}
        """;

    [Fact]
    public async Task A_run_sees_its_own_changes_at_once_and_later_runs_see_them_too()
    {
        var stage = new Stage(Counter);

        await stage.HappenAsync("mention", Some.Mention());
        await stage.HappenAsync("mention", Some.Mention(user: "u3"));
        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(["log 1", "log 1", "log 2"], stage.Sent);
    }

    [Fact]
    public async Task A_condition_asks_for_state_like_for_any_look_up()
    {
        var stage = new Stage("""
            rules:
              - name: once
                on: mention
                when: not has(state('greeted', 'user'))
                do:
                  - set: { greeted: true }
                    per: user
                    expires: 7d
                  - log: hello
            """);

        await stage.HappenAsync("mention", Some.Mention());
        await stage.HappenAsync("mention", Some.Mention());
        await stage.PassAsync(TimeSpan.FromDays(7));
        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(["log hello", "log hello"], stage.Sent);
        Assert.Empty(stage.Asked);
    }

    [Fact]
    public async Task Null_removes_and_types_are_kept()
    {
        var stage = new Stage("""
            rules:
              - name: keep
                on: mention
                do:
                  - set:
                      list: ${split(note.text, ' ')}
                      map: { a: [1, true, null], b: "${note.text}" }
                      gone: 1
                  - set: { gone: null }
                  - log: "${first(state('list'))} ${state('map').a[0] + 1} ${state('map').b} ${state('gone') == null}"
            """);

        await stage.HappenAsync("mention", Some.Mention("x y"));

        Assert.Equal(["log x 2 x y true"], stage.Sent);
    }

    [Fact]
    public async Task A_dry_run_changes_a_copy_of_its_own()
    {
        var stage = new Stage(Counter);
        await stage.HappenAsync("mention", Some.Mention());
        stage.Load(Counter.Replace("on: mention", "enabled: dry-run\n    on: mention", StringComparison.Ordinal));

        await stage.HappenAsync("mention", Some.Mention());
        await stage.HappenAsync("mention", Some.Mention());
        var dry = stage.Store.Runs.Last().Steps["do[1]"].Intent!.Summary;
        stage.Load(Counter);
        await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal("log 3", dry);
        Assert.Equal(["log 1", "log 2"], stage.Sent);
    }

    [Fact]
    public async Task What_is_kept_stays_as_private_as_it_was_and_no_markup()
    {
        var stage = new Stage("""
            rules:
              - name: remember
                on: mention
                when: note.visibility == 'specified'
                do:
                  - set:
                      said: "He said: ${note.text}"
              - name: tell
                on: mention
                when: note.visibility == 'public'
                do:
                  - log: ${state('said')}
            """);

        await stage.HappenAsync("mention", Some.Mention("@everyone", visibility: "specified", more: ""","visibleUserIds":["me"]"""));
        await stage.HappenAsync("mention", Some.Mention(noteId: "n2"));

        var told = Assert.Single(stage.Prepared);
        Assert.True(told.Main.HoldsPrivate);
        Assert.True(told.KnowsPrivateState);
        Assert.Equal([("He said: ", true), ("@everyone", false)], told.Main.MarkedText.Parts);
    }

    [Fact]
    public async Task A_change_is_an_effect_that_keeps_the_place_in_a_limit()
    {
        var stage = new Stage("""
            rules:
              - name: once
                on: mention
                limit: once per user
                do:
                  - set: { a: 1 }
            """);

        await stage.HappenAsync("mention", Some.Mention());
        var verdicts = await stage.HappenAsync("mention", Some.Mention());

        Assert.Equal(Gates.Limit, Assert.Single(verdicts).Gate);
    }

    [Fact]
    public async Task A_value_that_is_too_large_fails_with_its_size()
    {
        var stage = new Stage("""
            rules:
              - name: much
                on: mention
                do:
                  - set: { a: ["${note.text}", "${note.text}"] }
            """);

        await stage.HappenAsync("mention", Some.Mention(new string('x', 40_000)));

        Assert.Equal(RunState.Failed, stage.OnlyRun.State);
        Assert.StartsWith("the value of 'a' is too large to be kept: ", stage.OnlyRun.Reason, StringComparison.Ordinal);
    }
}
