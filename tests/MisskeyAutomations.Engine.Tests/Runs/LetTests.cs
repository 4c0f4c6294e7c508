using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>Names for values: what steps see is what the last check saw.</summary>
public sealed class LetTests
{
    [Fact]
    public async Task Names_are_seen_by_conditions_limits_and_steps_and_by_later_names()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: mention
                let:
                  said: lower(note.said)
                  word: first(split(said, ' '))
                when: word == 'ping'
                limit: 1 per (word) per day
                do:
                  - note: "${word}: ${said}"
            """);

        await stage.HappenAsync("mention", Some.Mention("PING me", noteId: "n1"));
        await stage.HappenAsync("mention", Some.Mention("ping again", noteId: "n2"));
        await stage.HappenAsync("mention", Some.Mention("pong", noteId: "n3"));

        Assert.Equal(["note ping: ping me"], stage.Sent);
    }

    [Fact]
    public async Task The_steps_see_after_a_wait_what_the_check_saw_before_it()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: followed
                let: { before: user.name, dice: "random(1, 1000000)" }
                when: dice > 0
                do:
                  - note: ${dice}
                  - wait: 1h
                  - note: ${dice}
                  - note: ${before}
            """);

        await stage.HappenAsync("followed", Some.Follower("u1"));
        var kept = stage.OnlyRun.Steps[FrozenLets.Kind].Answer;
        await stage.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(stage.Sent[0], stage.Sent[1]);
        Assert.Equal(RunState.Succeeded, stage.OnlyRun.State);
        Assert.Equal(kept, stage.OnlyRun.Steps[FrozenLets.Kind].Answer);
        Assert.DoesNotContain(stage.Asked, lookup => lookup.Kind == LookupKind.UserShow);
    }

    [Fact]
    public async Task A_name_that_needs_a_look_up_is_asked_for_once_and_a_later_check_asks_anew()
    {
        var stage = new Stage("""
            rules:
              - name: r
                on: followed
                let: { many: user.followersCount }
                when: many > 10
                after: 5m
                do:
                  - note: ${many} followers
            """);
        stage.Answers[new(LookupKind.UserShow, "u1")] = new LookupAnswer.Found(System.Text.Json.JsonElement.Parse("""{"id":"u1","username":"bob","followersCount":11}"""));
        await stage.HappenAsync("followed", Some.Follower("u1"));
        var asked = stage.Asked.Count;

        stage.Answers[new(LookupKind.UserShow, "u1")] = new LookupAnswer.Found(System.Text.Json.JsonElement.Parse("""{"id":"u1","username":"bob","followersCount":12}"""));
        await stage.PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(1, asked);
        Assert.Equal(2, stage.Asked.Count);
        Assert.Equal(["note 12 followers"], stage.Sent);
    }
}
