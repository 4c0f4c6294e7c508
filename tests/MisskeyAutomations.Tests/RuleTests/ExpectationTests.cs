namespace MisskeyAutomations.Tests.RuleTests;

/// <summary>Every form in which tests give and expect things: each holds where it should, and fails where it should not.</summary>
public sealed class ExpectationTests
{
    private const string Rules = """
        rules:
          - name: echo
            on: [mention, reply, renote]
            do:
              - reply: "${user.id} ${user.username} ${user.name} ${coalesce(user.host, 'local')} ${user.isBot} ${note.id} ${note.visibility} ${coalesce(note.text, 'silent')} ${me.id}"
          - name: slow
            on: followed
            after: 10m
            when: not user.isBot and hour() < 13
            do:
              - follow: user
          - name: kept
            on: mention
            when: coalesce(state('count', 'user'), 0) > 2
            do:
              - set: { count: 0 }
                per: user
          - name: counter
            on: mention
            do:
              - set: { count: "${coalesce(state('count', 'user'), 0) + 1}" }
                per: user
          - name: reads
            on: mention
            when: user.followersCount > 10
            do:
              - react: star
        defaults: { timezone: UTC }
        tests:

        """;

    [Theory]
    [InlineData("""given: { mention: {} }, expect: { echo: [ { reply: u1 someone someone local false n1 public silent me } ] }""")]
    [InlineData("""given: { mention: { user: { username: mei } } }, expect: { echo: [ { reply: /mei/ } ] }""")]
    [InlineData("""given: { mention: {} }, expect: { echo: [ { reply: /SOMEONE/i } ] }""")]
    [InlineData("""given: { mention: { note: { visibility: home } } }, expect: { echo: [ { reply: /home/, visibility: home } ] }""")]
    [InlineData("""given: { mention: {} }, expect: { echo: [ { reply: /./, visibility: public, within: 0s } ] }""")]
    [InlineData("""given: { mention: {} }, expect: { slow: nothing }""")]
    [InlineData("""given: { followed: {} }, expect: { slow: [ { follow: u1, within: 10m } ] }""")]
    [InlineData("""given: { followed: {} }, at: "2026-05-01T12:55:00Z", expect: { slow: { skipped: no longer holds } }""")]
    [InlineData("""given: { followed: { user: { isBot: true } } }, expect: { slow: { skipped: bots, because: is a bot } }""")]
    [InlineData("""given: { followed: {} }, at: "2026-05-01T14:00:00Z", expect: { slow: { skipped: when, because: hour() } }""")]
    [InlineData("""given: { mention: {} }, state: { count: 3 }, expect: { kept: [ { set: { count: 0 }, per: user } ] }""")]
    [InlineData("""given: { mention: {} }, expect: { kept: { skipped: when } }""")]
    [InlineData("""given: [ { mention: { note: { id: a } } }, { pass: 1h }, { mention: { note: { id: b } } } ], expect: { counter: [ { set: { count: 1 } }, { set: { count: 2 } } ] }""")]
    [InlineData("""given: { mention: {} }, lookups: { users/show: { followersCount: 11 } }, expect: { reads: [ { react: star } ] }""")]
    [InlineData("""given: { mention: { user: { followersCount: 11 } } }, expect: { reads: [ { react: star } ] }""")]
    [InlineData("""given: { mention: {}, muted: true }, expect: { echo: { skipped: muted } }""")]
    [InlineData("""given: { muted: true, mention: {} }, expect: { echo: { skipped: muted } }""")]
    [InlineData("""given: [ { mention: {}, muted: true }, { reply: {} } ], expect: { echo: [ { reply: /./ } ] }""")]
    public async Task It_holds(string test) => Assert.Empty(await FailuresAsync(test));

    [Theory]
    [InlineData("""given: { mention: {} }, expect: { echo: [ { reply: /SOMEONE/ } ] }""", "echo, step 1: expected reply to match /SOMEONE/, but it was 'u1 someone someone local false n1 public silent me'")]
    [InlineData("""given: { mention: { note: { visibility: home } } }, expect: { echo: [ { reply: /./, visibility: public } ] }""", "echo, step 1: expected visibility: public, but it was home")]
    [InlineData("""given: { followed: {} }, expect: { slow: [ { follow: u1, within: 9m } ] }""", "slow, step 1: expected follow within 9m, but it came after 10m")]
    [InlineData("""given: { followed: {} }, expect: { slow: [ { follow: u2 } ] }""", "slow, step 1: expected follow: 'u2', but it was 'u1'")]
    [InlineData("""given: { followed: {} }, expect: { slow: nothing }""", "slow: expected nothing, but it did follow @someone")]
    [InlineData("""given: { followed: {} }, expect: { slow: { skipped: when } }""", "slow: expected to be skipped by 'when', but it did follow @someone")]
    [InlineData("""given: { followed: { user: { isBot: true } } }, expect: { slow: { skipped: when } }""", "slow: expected to be skipped by 'when', but it was skipped by 'bots' (@someone is a bot; `include: bots` takes it)")]
    [InlineData("""given: { followed: { user: { isBot: true } } }, expect: { slow: { skipped: bots, because: muted } }""", "slow: expected to be skipped because of `muted`, but it was because of `@someone is a bot; `include: bots` takes it`")]
    [InlineData("""given: { mention: {} }, expect: { slow: { skipped: when } }""", "slow: expected to be skipped by 'when', but no event started it")]
    [InlineData("""given: { mention: {} }, expect: { slow: [ { follow: u1 } ] }""", "slow: expected 1 step, but it did nothing: no event started it")]
    [InlineData("""given: { mention: {} }, expect: { counter: [ { set: { count: 2 } } ] }""", "counter, step 1: expected set count: 2, but it was 1")]
    [InlineData("""given: { mention: {} }, expect: { counter: [ { set: { count: 1 } }, { react: star } ] }""", "counter, step 2: expected react: star, but it was not taken")]
    [InlineData("""given: { mention: {} }, expect: { counter: [ ] }""", "counter: not expected: set count per user")]
    [InlineData("""given: { mention: {} }, expect: { reads: { skipped: when } }""", "the rule reads what only users/show tells, and the test does not give it: add the field to its user or note, or an answer under `lookups: { users/show: { … } }`")]
    [InlineData("""given: { mention: {}, muted: false }, expect: { echo: { skipped: muted } }""", "echo: expected to be skipped by 'muted', but it did reply to @someone: \"u1 someone someone local false n1 public silent me\"")]
    public async Task It_fails(string test, string failure) => Assert.Equal([failure], await FailuresAsync(test));

    [Fact]
    public async Task A_missing_step_in_the_middle_does_not_make_those_behind_it_wrong()
    {
        const string Three = """
            rules:
              - name: three
                on: mention
                do:
                  - log: a
                  - log: c
                  - log: d
            tests:
              - name: a
                given: { mention: {} }
                expect: { three: [ { log: a }, { log: b }, { log: c }, { log: d } ] }
            """;

        var result = await TestedRules.RunAsync(Three);

        Assert.Equal(["three, step 2: expected log: b, but it was not taken"], result.Failures.Select(failure => failure.ToString()));
        Assert.Equal([true, false, true, true], result.Steps["three"].Select(step => step.IsSame));
    }

    private static async Task<IReadOnlyList<string>> FailuresAsync(string test) =>
        [.. (await TestedRules.RunAsync($"{Rules}  - {{ name: a, {test} }}\n")).Failures.Select(failure => failure.ToString())];
}
