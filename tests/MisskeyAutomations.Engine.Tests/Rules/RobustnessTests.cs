using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>Whatever a file holds, reading it gives a set or findings with places, and never an exception.</summary>
public sealed class RobustnessTests
{
    public static TheoryData<int> Files => [.. Enumerable.Range(0, ValidFiles.All.Count)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Valid_files_have_no_findings(int file)
    {
        var reading = Read(ValidFiles.All[file]);

        Assert.Equal("", DiagnosticText.Render(reading.Diagnostics));
        Assert.NotEmpty(reading.RuleSet!.Rules);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_beginning_of_a_file_gives_a_set_or_findings(int file)
    {
        for (var length = 0; length <= ValidFiles.All[file].Length; length++)
        {
            Check(ValidFiles.All[file][..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_end_of_a_file_gives_a_set_or_findings(int file)
    {
        for (var start = 0; start <= ValidFiles.All[file].Length; start++)
        {
            Check(ValidFiles.All[file][start..]);
        }
    }

    [Fact]
    public void Mutations_give_a_set_or_findings()
    {
        const string Insertions = " \t\n\r:-#'\"{}[],|>&*!%@`?~<\\$()　：－é👍\u0085\u2028\0あ1";
        var random = new Random(20_260_101);
        for (var round = 0; round < 5000; round++)
        {
            var text = ValidFiles.All[random.Next(ValidFiles.All.Count)].ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0:
                        text.Insert(at, Insertions[random.Next(Insertions.Length)]);
                        break;
                    case 1:
                        text[at] = Insertions[random.Next(Insertions.Length)];
                        break;
                    case 2:
                        text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                        break;
                    default:
                        var from = random.Next(text.Count);
                        text.InsertRange(at, text.GetRange(from, Math.Min(random.Next(1, 40), text.Count - from)));
                        break;
                }
            }

            Check(new string([.. text]));
        }
    }

    private static void Check(string text)
    {
        var (reading, took) = Timed(text);

        var told = DiagnosticText.Render(reading.Diagnostics);

        Assert.True(reading.RuleSet is not null || reading.Diagnostics.Any(finding => finding.Severity == Severity.Error), text);
        Assert.All(reading.Diagnostics, finding =>
        {
            Assert.InRange(finding.Span.Start, 0, text.Length);
            Assert.InRange(finding.Span.End, finding.Span.Start, text.Length);
        });
        Assert.False(told.Contains("System.", StringComparison.Ordinal), told);
        Assert.True(took < TimeSpan.FromSeconds(1), $"{took} for {text}");
        foreach (var rule in reading.RuleSet?.Rules ?? [])
        {
            ResolvedTextTests.IsFixed(rule, reading.RuleSet!);
        }
    }

    private static (RuleReading Reading, TimeSpan Took) Timed(string text)
    {
        RuleReading? reading = null;
        var took = ThreadClock.Time(() => reading = Read(text));
        return (reading!, took);
    }

    private static RuleReading Read(string text) => RuleReader.Read([new SourceText("rules/a.yaml", text)], SomeActions.All, (_, _) => "a\nb");
}
