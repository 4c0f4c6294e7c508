using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Tests;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// Regular expressions that bring others down, each with the input that does it: written <c>PATTERN ⟵ PIECE … END</c>, the piece being
/// repeated up to 16 kB. Each is answered within 150 ms of the processor's time, gives up after 100 ms with an error, or is refused at load with its hint.
/// </summary>
public sealed class PatternCorpusTests(ITestOutputHelper output)
{
    private const int InputLength = 16_000;
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(150);
    private static readonly string[] Uses = ["matches(note.text, /{0}/)", "capture(note.text, /{0}/, 0)", "capture(note.text, /({0})/)", "count(split(note.text, /{0}/))", "length(replace(note.text, /{0}/, ''))"];

    [Fact]
    public async Task Every_pattern_answers_in_time_or_is_refused_with_its_hint()
    {
        var slowest = (Time: TimeSpan.Zero, Text: "");
        await Corpus.CheckAsync("regular-expressions.corpus", atLeast: 300, text =>
        {
            var (verdict, time) = Judge(text);
            slowest = time > slowest.Time ? (time, text) : slowest;
            return Task.FromResult(verdict);
        });

        output.WriteLine($"the slowest took {slowest.Time.TotalMilliseconds:F1} ms: {slowest.Text}");
    }

    private static (string Verdict, TimeSpan Time) Judge(string text)
    {
        var arrow = text.LastIndexOf(" ⟵ ", StringComparison.Ordinal);
        var (pattern, input) = (text[..arrow], InputOf(Visible.Read(text[(arrow + 3)..])));
        var slowest = TimeSpan.Zero;
        foreach (var use in Uses)
        {
            var bag = new DiagnosticBag();
            var compiled = ExpressionCompiler.Compile(SourceSlice.Of(use.Replace("{0}", pattern, StringComparison.Ordinal)), Context, bag);
            if (compiled is null)
            {
                var finding = bag.Items.First(item => item.Severity == Severity.Error);
                Assert.True(finding.Code != "MKA1218" || finding.Hint is not null, $"{text}: refused without a hint");
                return ($"REFUSED {finding.Code}", TimeSpan.Zero);
            }

            var (time, value) = Fastest(compiled, input);
            slowest = time > slowest ? time : slowest;
            if (time > Limit || (value.Kind == ValueKind.Error && !value.Reason.Contains("100 ms", StringComparison.Ordinal) && !value.Reason.Contains("10,000", StringComparison.Ordinal)))
            {
                return ($"{time.TotalMilliseconds:F0} ms for {use}: {value}", time);
            }
        }

        return ("IN TIME", slowest);
    }

    // The first time compiles what later ones only run.
    private static (TimeSpan Time, Value Value) Fastest(CompiledExpression compiled, string input)
    {
        var scope = new Scope();
        scope["note"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["text"] = Value.Of(input) }));
        var (fastest, value) = (TimeSpan.MaxValue, Value.Null);
        for (var i = 0; i < Tries && fastest > Limit; i++)
        {
            var took = ThreadClock.Time(() => value = compiled.Evaluate(scope));
            fastest = took < fastest ? took : fastest;
        }

        return (fastest, value);
    }

    private static string InputOf(string written)
    {
        var dots = written.IndexOf(" … ", StringComparison.Ordinal);
        var (piece, end) = dots < 0 ? (written, "") : (written[..dots], written[(dots + 3)..]);
        return string.Concat(Enumerable.Repeat(piece, Math.Max(1, (InputLength - end.Length) / piece.Length))) + end;
    }

    private static ExpressionContext Context => new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["note"] = Schema.Open },
    };
}
