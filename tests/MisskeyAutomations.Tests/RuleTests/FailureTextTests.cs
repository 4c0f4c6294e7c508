using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Tests.RuleTests;

/// <summary>What is told of a failed test.</summary>
public sealed class FailureTextTests
{
    [Fact]
    public async Task The_place_the_texts_the_steps_and_what_happened_to_the_rule_are_told()
    {
        var result = await TestedRules.RunAsync("""
            rules:
              - name: ping
                on: mention
                do:
                  - reply: |
                      はい、
                      こんにちは😀世界 PONG
                  - react: star
              - name: other
                on: mention
                do:
                  - log: nobody asks
            tests:
              - name: a
                given: { mention: {} }
                expect:
                  ping:
                    - reply: |
                        はい、
                        こんにちは😀世界 PANG
                    - react: star
                    - log: bye
            """);

        Assert.Equal(
            """
            rules/a.yaml:18: ping, step 1: expected reply: 'はい、⏎こんにちは😀世界 PANG', but it was 'はい、⏎こんにちは😀世界 PONG'
              in line 2 of the text:
              expected: こんにちは😀世界 PANG
              but was:  こんにちは😀世界 PONG
                                          ^
            rules/a.yaml:22: ping, step 3: expected log: bye, but it was not taken
            steps of ping, as expected             as taken
            ! reply: はい、⏎こんにちは😀世界 PANG  reply to @someone: "はい、 こんにちは😀世界 PON…
              react: star                          react :star: to @someone
            - log: bye
            what happened to ping:
              12:00:00 mention happens
              12:00:00   ping: runs
              12:00:00   ping: reply to @someone: "はい、 こんにちは😀世界 PONG": done
              12:00:00   ping: react :star: to @someone: done
            """,
            Told(result));
    }

    [Theory]
    [InlineData("PONG", "PONG!", "PONG", "PONG!", 4)]
    [InlineData("ab\u200bcd", "abcd", "ab\\u200bcd", "abcd", 2)]
    [InlineData("家族👨‍👩‍👧", "家族👨‍👩‍👦", "家族👨‍👩‍👧", "家族👨‍👩‍👦", 4)]
    [InlineData("が", "か", "が", "か", 0)]
    [InlineData("a\u001b[31mb", "a\u001b[32mb", "a\\u001b[31mb", "a\\u001b[32mb", 9)]
    [InlineData("one\ntwo", "one\nsix", "two", "six", 0)]
    [InlineData("one", "one\ntwo", "one", "one⏎", 3)]
    [InlineData("", "x", "", "x", 0)]
    public void Texts_part_at_the_first_character_that_people_see_differ(string expected, string actual, string shown, string other, int columns)
    {
        var difference = TextDifference.Of(expected, actual);

        Assert.Equal((shown, other, columns), (difference.Expected, difference.Actual, difference.Columns));
    }

    [Fact]
    public void Of_a_long_line_the_part_around_the_place_is_shown()
    {
        var difference = TextDifference.Of(new string('あ', 500) + "x" + new string('い', 500), new string('あ', 500) + "y");

        Assert.Equal($"…{new string('あ', 30)}y", difference.Actual);
        Assert.Equal(61, difference.Columns);
        Assert.Equal($"…{new string('あ', 30)}x{new string('い', 18)}…", difference.Expected);
    }

    [Fact]
    public async Task Lines_have_no_control_characters_and_long_traces_end()
    {
        var result = await TestedRules.RunAsync("""
            rules:
              - name: many
                on: mention
                do:
                  - for-each: x in list(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
                    do:
                      - log: "${x} ${note.text}"
            tests:
              - name: a
                given: [ { mention: { note: { id: a, text: "\e[31m" } } }, { mention: { note: { id: b } } }, { mention: { note: { id: c } } }, { mention: { note: { id: d } } }, { mention: { note: { id: e } } } ]
                expect: { many: nothing }
            """.Replace("list(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)", "split('1 2 3 4 5 6 7 8 9 10', ' ')", StringComparison.Ordinal));

        var told = Told(result);

        Assert.DoesNotContain('\u001b', told);
        Assert.Equal(43, told.Split('\n').Length);
        Assert.EndsWith("more lines", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_after_the_first_are_numbered()
    {
        var result = await TestedRules.RunAsync("""
            rules:
              - name: late
                on: mention
                do:
                  - wait: 25h
                  - log: x
            tests:
              - name: a
                given: { mention: {} }
                expect: { late: nothing }
            """);

        Assert.EndsWith("+1d 13:00:00   late: log: \"x\": done", Told(result), StringComparison.Ordinal);
    }

    private static string Told(RuleTestResult result) => string.Join('\n', FailureText.Lines(result).Select(line => line.Line));
}
