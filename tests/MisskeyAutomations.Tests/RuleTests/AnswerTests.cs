using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Tests.RuleTests;

/// <summary>What Misskey answers and refuses in tests, patterns for the fields of a step, waits that somebody wished, and zones of rules.</summary>
public sealed class AnswerTests
{
    private const string Rules = """
        rules:
          - name: rounds
            on: mention
            do:
              - api: following/requests/list
                as: requests
              - for-each: request in requests
                do:
                  - accept-request: request.follower
          - name: best
            on: mention
            do:
              - api: users/notes
                with: { userId: "${me.id}" }
                as: notes
              - reply: ${first(notes).url}
                cw: the best of ${count(notes)}
          - name: follow
            on: followed
            do:
              - follow: user
            on-error:
              - log: "${error.code}: ${error.message}"
          - name: remind
            on: mention
            let: { span: "capture(fold(note.said), /^\\d+[smhd]/, 0)" }
            when: has(span)
            do:
              - wait: ${span}
              - react: ⏰
          - name: clean
            on: note
            when: note.id not in note.user.pinnedNoteIds
            do:
              - delete: note
          - name: morning
            on: [mention, { cron: "0 8 * * *" }]
            timezone: Asia/Tokyo
            when: during('05:00..11:00')
            limit: 1 per day
            do:
              - note: ${date()} ${hour()}
              - wait-until: "12:00"
              - log: noon
        tests:

        """;

    [Theory]
    [InlineData("""{ given: { mention: {} }, lookups: { following/requests/list: [ { follower: { id: u7, username: a } }, { follower: { id: u8, username: b } } ] }, expect: { rounds: [ { api: following/requests/list }, { accept-request: u7 }, { accept-request: u8 } ] } }""")]
    [InlineData("""{ given: { mention: {} }, lookups: { following/requests/list: [] }, expect: { rounds: [ { api: following/requests/list } ] } }""")]
    [InlineData("""{ given: { mention: {} }, lookups: { following/requests/list: null }, expect: { rounds: nothing } }""")]
    [InlineData("""{ given: { mention: {} }, lookups: { users/notes: [ { id: n5 }, { id: n6 } ] }, expect: { best: [ { api: users/notes, userId: /^m/ }, { reply: "https://misskey.example/notes/n5", cw: /BEST of 2$/i } ] } }""")]
    [InlineData("""{ given: { followed: { user: { id: u2 } } }, lookups: { following/create: null }, expect: { follow: [ { log: "REFUSED: following/create refused: the test says so." } ] } }""")]
    [InlineData("""{ given: { followed: { user: { id: u2 } } }, expect: { follow: [ { follow: u2 } ] } }""")]
    [InlineData("""{ given: { mention: { note: { text: "@me ２ｈ tea" } } }, expect: { remind: [ { react: ⏰, within: 2h } ] } }""")]
    [InlineData("""{ given: { note: { note: { id: n2, user: { pinnedNoteIds: [n3] } } } }, expect: { clean: [ { delete: n2 } ] } }""")]
    [InlineData("""{ at: "2026-05-01T07:30:00+09:00", given: { mention: {} }, expect: { morning: [ { note: 2026-05-01 7 }, { log: noon, within: 4h30m } ] } }""")]
    [InlineData("""{ at: "2026-05-01T07:30:00+00:00", given: { mention: {} }, expect: { morning: { skipped: when } } }""")]
    [InlineData("""{ at: "2026-05-01T08:00:00+09:00", given: { cron: morning }, expect: { morning: [ { note: 2026-05-01 8 }, { log: noon } ] } }""")]
    [InlineData("""{ at: "2026-05-01T05:00:00+09:00", given: [ { mention: { note: { id: a } } }, { pass: 5h }, { mention: { note: { id: b } } }, { pass: 21h }, { mention: { note: { id: c } } } ], expect: { morning: [ { note: 2026-05-01 5 }, { log: noon }, { note: 2026-05-02 7 }, { log: noon } ] } }""")]
    public async Task A_test_gives_it_and_passes(string test) => Assert.Empty(await FailuresAsync(test));

    [Theory]
    [InlineData("""{ given: { mention: {} }, lookups: { users/notes: [ { id: n5 } ] }, expect: { best: [ { api: users/notes }, { reply: /n5/, cw: /worst/ } ] } }""", "best, step 2: expected cw: /worst/, but it was the best of 1")]
    [InlineData("""{ given: { followed: { user: { id: u2 } } }, expect: { follow: [ { follow: u2, userName: /x/ } ] } }""", "follow, step 1: expected userName: /x/, but it was not there")]
    public async Task A_field_that_does_not_match_is_told(string test, string failure) => Assert.Equal([failure], await FailuresAsync(test));

    [Theory]
    [InlineData("""{ given: { mention: {} }, lookups: { users/note: [] }, expect: { best: nothing } }""", "MKA1501", "users/note")]
    [InlineData("""{ given: { mention: {} }, lookups: { notes/timeline: [] }, expect: { best: nothing } }""", "MKA1501", "notes/timeline")]
    [InlineData("""{ given: { mention: {} }, expect: { best: [ { reply: x, cw: /(/ } ] } }""", "MKA1510", "/(/")]
    public void What_no_rule_calls_and_what_is_no_pattern_is_told_at_its_place(string test, string code, string place)
    {
        var finding = Assert.Single(Read(test).Findings);

        Assert.Equal((code, place), (finding.Code, finding.Source.Text[finding.Span.Start..finding.Span.End]));
    }

    [Fact]
    public void The_clock_of_a_rule_goes_by_its_zone_and_its_text_keeps_it()
    {
        var rule = Read("""{ given: { mention: {} }, expect: { best: nothing } }""").Reading.RuleSet!.Find("morning")!;
        var again = RuleReader.Read([new SourceText("again.yaml", rule.ResolvedText)], ActionTable.Descriptors).RuleSet!.Find("morning")!;

        Assert.Equal("Asia/Tokyo", Assert.Single(rule.Crons).Zone.Id);
        Assert.Equal((rule.TimeZone, rule.Hash), (again.TimeZone, again.Hash));
    }

    private static async Task<IReadOnlyList<string>> FailuresAsync(string test)
    {
        var (reading, tests, findings) = Read(test);
        Assert.True(findings.Count == 0, DiagnosticText.Render(findings));
        var result = await new RuleTestRunner(reading.RuleSet!, ActionTable.Offline()).RunAsync(Assert.Single(tests), TestContext.Current.CancellationToken);
        return [.. result.Failures.Select(failure => failure.ToString())];
    }

    private static (RuleReading Reading, IReadOnlyList<RuleTest> Tests, IReadOnlyList<Diagnostic> Findings) Read(string test)
    {
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", Rules + "  - { name: a, " + test[2..] + "\n")], ActionTable.Descriptors);
        Assert.True(reading.RuleSet is not null, DiagnosticText.Render(reading.Diagnostics));
        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        return (reading, tests, findings);
    }
}
