using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Tests.RuleTests;

/// <summary>What tests in rule files can give: the clock, recorded webhooks, fixed dice, and what no webhook brings.</summary>
public sealed class GivenTests
{
    private const string Rules = """
        rules:
          - name: morning
            on: { cron: "0 8 * * *", timezone: Asia/Tokyo }
            after: 0m..10m
            do:
              - note: ${event.type} ${event.source} ${hour()} ${random(1, 6)} ${choose('a', 'b', 'c')} ${me.id}
          - name: report
            on: abuseReport
            do:
              - log: ${report.reporter.username} on ${user.username}
                allow-private: true
          - name: about-me
            on: abuseReport
            include: self
            do:
              - log: included
          - name: reaction
            on: reaction
            do:
              - log: ${user.acct} ${reaction} ${note.user.id} ${event.source}
          - name: poll
            on: pollEnded
            do:
              - log: ${note.user.id}
          - name: place
            on: [{ antenna: cats }, { hashtag: Cats }]
            do:
              - log: ${event.type} ${user.acct} ${note.text}
          - name: mention
            on: mention
            do:
              - log: ${note.text}
        defaults: { timezone: Asia/Tokyo }
        tests:

        """;

    [Theory]
    [InlineData("""{ at: "2026-05-01T08:00:00+09:00", random: 0, given: { cron: morning }, expect: { morning: [ { note: cron cron 8 1 a me, within: 0s } ] } }""")]
    [InlineData("""{ at: "2026-05-01T08:00:00+09:00", random: 1, given: { cron: morning }, expect: { morning: [ { note: cron cron 8 6 c me, within: 10m } ] } }""")]
    [InlineData("""{ at: "2026-05-01T08:00:00+09:00", random: 0.5, given: { cron: morning }, expect: { morning: [ { note: cron cron 8 4 b me, within: 5m } ], mention: nothing } }""")]
    [InlineData("""{ given: { abuseReport: { user: { username: henry, isBot: true } } }, expect: { report: [ { log: reporter on henry } ] } }""")]
    [InlineData("""{ given: { abuseReport: { user: { id: me } } }, expect: { report: { skipped: self }, about-me: [ { log: included } ] } }""")]
    [InlineData("""{ given: { reaction: { user: { username: mei, host: b.example }, reaction: ":star@.:" } }, expect: { reaction: [ { log: mei@b.example star me streaming } ] } }""")]
    [InlineData("""{ given: { reaction: { user: { isBot: true } } }, expect: { reaction: { skipped: bots } } }""")]
    [InlineData("""{ given: { pollEnded: { note: { text: x } } }, expect: { poll: [ { log: me } ] } }""")]
    [InlineData("""{ given: { antenna: cats, user: { username: mei }, note: { text: meow } }, expect: { place: [ { log: "antenna:cats mei meow" } ], mention: nothing } }""")]
    [InlineData("""{ given: { hashtag: CATS, note: { text: meow } }, expect: { place: [ { log: "hashtag:cats someone meow" } ] } }""")]
    [InlineData("""{ given: { antenna: dogs, note: { text: woof } }, expect: { place: nothing } }""")]
    [InlineData("""{ given: { antenna: cats, user: { id: me } }, expect: { place: { skipped: self } } }""")]
    [InlineData("""{ given: { file: system-abuseReport-report.json }, expect: { report: [ { log: bob on henry } ] } }""")]
    [InlineData("""{ given: { file: mention-plain.json }, expect: { mention: [ { log: /alice/ } ] } }""")]
    [InlineData("""{ given: { file: system-abuseReport-test.json }, expect: { report: { skipped: test } } }""")]
    public async Task A_test_gives_it_and_passes(string test)
    {
        var (reading, tests, findings) = Read(test);
        Assert.True(findings.Count == 0, DiagnosticText.Render(findings));

        var result = await new RuleTestRunner(reading.RuleSet!, ActionTable.Offline()).RunAsync(Assert.Single(tests), TestContext.Current.CancellationToken);

        Assert.True(result.Passed, string.Join('\n', (object[])[.. result.Failures, .. result.Trace]));
    }

    [Theory]
    [InlineData("""{ at: "2026-05-01T08:00:00", given: { cron: morning }, expect: { morning: nothing } }""", "MKA1509", "\"2026-05-01T08:00:00\"")]
    [InlineData("""{ given: { cron: morning }, expect: { morning: nothing } }""", "MKA1503", "cron")]
    [InlineData("""{ at: "2026-05-01T08:00:00Z", given: { cron: mornin }, expect: { morning: nothing } }""", "MKA1506", "mornin")]
    [InlineData("""{ at: "2026-05-01T08:00:00Z", given: { cron: mention }, expect: { mention: nothing } }""", "MKA1522", "mention")]
    [InlineData("""{ random: 2, given: { mention: {} }, expect: { mention: nothing } }""", "MKA1504", "2")]
    [InlineData("""{ random: much, given: { mention: {} }, expect: { mention: nothing } }""", "MKA1504", "much")]
    [InlineData("""{ given: { file: nowhere.json }, expect: { mention: nothing } }""", "MKA1521", "nowhere.json")]
    [InlineData("""{ given: { file: broken.json }, expect: { mention: nothing } }""", "MKA1521", "broken.json")]
    [InlineData("""{ given: { file: empty.json }, expect: { mention: nothing } }""", "MKA1521", "empty.json")]
    [InlineData("""{ given: { file: { a: b } }, expect: { mention: nothing } }""", "MKA1504", "{ a: b }")]
    [InlineData("""{ given: { reaction: { emoji: star } }, expect: { reaction: nothing } }""", "MKA1501", "emoji")]
    [InlineData("""{ given: { antenna: cats, text: meow }, expect: { place: nothing } }""", "MKA1501", "text")]
    [InlineData("""{ given: { antenna: { user: {} } }, expect: { place: nothing } }""", "MKA1504", "{ user: {} }")]
    [InlineData("""{ given: { reacton: {} }, expect: { reaction: nothing } }""", "MKA1505", "reacton")]
    public void What_cannot_be_given_is_told_at_its_place(string test, string code, string place)
    {
        var finding = Assert.Single(Read(test).Findings);

        Assert.Equal((code, place), (finding.Code, finding.Source.Text[finding.Span.Start..finding.Span.End]));
    }

    private static (RuleReading Reading, IReadOnlyList<RuleTest> Tests, IReadOnlyList<Diagnostic> Findings) Read(string test)
    {
        var text = Rules + "  - { name: a, " + test[2..] + "\n";
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", text)], ActionTable.Descriptors, ReadFile);
        Assert.All(reading.Diagnostics, finding => Assert.Equal(Severity.Warning, finding.Severity));
        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        return (reading, tests, findings);
    }

    private static string? ReadFile(string ruleFile, string path) => path switch
    {
        "broken.json" => "{",
        "empty.json" => "{}",
        "nowhere.json" => null,
        _ => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Payloads", path)),
    };
}
