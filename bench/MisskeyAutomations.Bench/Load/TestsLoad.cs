using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Bench.Load;

/// <summary>What the tests of rules cost: <c>test</c> as a command, for 500 tests of 100 rules in ten files.</summary>
internal static class TestsLoad
{
    private const int Files = 10;
    private const int RulesPerFile = 10;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        try
        {
            for (var file = 0; file < Files; file++)
            {
                File.WriteAllText(Path.Combine(folder, $"{file}.yaml"), Text(file));
            }

            Costs.Tell("test of 500 tests, the whole command", await Costs.MeasureAsync(() => Costs.OfCommandAsync("test", folder), 5), "to reach: 3,000 ms");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static string Text(int file)
    {
        var (rules, tests) = (new StringBuilder("rules:\n"), new StringBuilder("tests:\n"));
        for (var i = 0; i < RulesPerFile; i++)
        {
            var rule = $"greet-{file}-{i}";
            rules.Append(CultureInfo.InvariantCulture, $$"""
                  - name: {{rule}}
                    on: mention
                    when:
                      - contains(note.said, 'word{{file}}x{{i}}', 'やあ{{file}}の{{i}}')
                      - not user.isCat
                    limit: 2 per user per 1h
                    after: 1m
                    do:
                      - react: star
                      - wait: 5s
                      - reply: Hello, ${user.name}! You said ${note.said}

                """);
            tests.Append(CultureInfo.InvariantCulture, $$$"""
                  - name: {{{rule}}} answers
                    given: { mention: { note: { text: '@me word{{{file}}}x{{{i}}}' } } }
                    expect: { {{{rule}}}: [ { react: star }, { reply: /^Hello/ } ] }
                  - name: {{{rule}}} answers in Japanese
                    given: { mention: { note: { text: '@me ヤア{{{file}}}の{{{i}}}' } } }
                    expect: { {{{rule}}}: [ { react: star }, { reply: /やあ|ヤア/ } ] }
                  - name: {{{rule}}} leaves others alone
                    given: { mention: { note: { text: '@me hello' } } }
                    expect: { {{{rule}}}: { skipped: when } }
                  - name: {{{rule}}} leaves cats alone
                    given: { mention: { user: { isCat: true }, note: { text: '@me word{{{file}}}x{{{i}}}' } } }
                    expect: { {{{rule}}}: { skipped: when, because: user.isCat } }
                  - name: {{{rule}}} answers twice an hour
                    given:
                      - { mention: { note: { text: '@me word{{{file}}}x{{{i}}}' } } }
                      - { mention: { note: { text: '@me word{{{file}}}x{{{i}}}' } } }
                      - { mention: { note: { text: '@me word{{{file}}}x{{{i}}}' } } }
                    expect: { {{{rule}}}: { skipped: limit } }

                """);
        }

        return $"{rules}{tests}";
    }
}
