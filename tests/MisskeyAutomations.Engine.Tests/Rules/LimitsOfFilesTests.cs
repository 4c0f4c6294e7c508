using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>Files that no person wrote: they get a finding in no time and never end the process.</summary>
public sealed class LimitsOfFilesTests
{
    public static TheoryData<string, string, string> Bombs => new()
    {
        { "50,000 brackets", new string('[', 50_000), "MKA1003" },
        { "50,000 braces", string.Concat(Enumerable.Repeat("{a: ", 50_000)), "MKA1003" },
        { "50,000 dashes", string.Concat(Enumerable.Repeat("- ", 50_000)), "MKA1003" },
        { "50,000 question marks", string.Concat(Enumerable.Repeat("? ", 50_000)), "MKA1003" },
        { "50,000 keys, each deeper", string.Join('\n', Enumerable.Range(0, 600).Select(i => new string(' ', i) + "a:")), "MKA1003" },
        { "aliases of aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nrules: *c\n", "MKA1018" },
        { "an anchor within itself", "a: &a [*a]\n", "MKA1018" },
        { "50,000 merge keys", "rules:\n" + string.Concat(Enumerable.Repeat("  <<: *a\n", 20_000)), "MKA1020" },
        { "120,000 values", "rules: [" + string.Concat(Enumerable.Repeat("a,", 120_000)) + "]", "MKA1004" },
        { "a quarter of a megabyte of one key", new string('a', 262_000) + ": b", "MKA10" },
        { "a quarter of a megabyte of quotes", "rules: \"" + new string('a', 262_000), "MKA1011" },
        { "a quarter of a megabyte of exclamation marks", "rules: " + new string('!', 200_000), "MKA10" },
        { "a quarter of a megabyte of full-width spaces", "rules:\n" + new string('\u3000', 80_000) + "name: a", "MKA10" },
        { "a quarter of a megabyte of double braces", "rules: [" + string.Concat(Enumerable.Repeat("{{a} : b},", 20_000)) + "]", "MKA10" },
        { "80,000 full-width words", "rules: [" + string.Concat(Enumerable.Repeat("\u3000a,", 40_000)) + "]", "MKA1104" },
        { "a duration of 200,000 digits", "rules: [{ name: a, on: mention, after: " + new string('1', 200_000) + ", do: stop }]", "MKA1401" },
        { "a limit of 200,000 spaces", "rules: [{ name: a, on: mention, limit: '1 " + new string(' ', 200_000) + "per', do: stop }]", "MKA1411" },
        { "a limit of 200,000 parentheses", "rules: [{ name: a, on: mention, limit: '1 per " + new string('(', 200_000) + "', do: stop }]", "MKA1411" },
        { "15,000 unknown keys", "rules:\n  - name: a\n" + string.Concat(Enumerable.Range(0, 15_000).Select(i => $"    k{i}: 1\n")), "MKA1101" },
        { "a name of 200,000 letters", "rules: [{ name: " + new string('a', 200_000) + ", on: mention, do: stop }]", "MKA1106" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Bombs_get_a_finding_in_no_time(string what, string text, string code)
    {
        RuleReading? reading = null;

        var took = ThreadClock.Time(() => reading = Read(new SourceText("rules/a.yaml", text)));

        Assert.Null(reading!.RuleSet);
        Assert.Contains(reading.Diagnostics, diagnostic => diagnostic.Code.StartsWith(code, StringComparison.Ordinal));
        Assert.True(took < TimeSpan.FromSeconds(5), $"{what} took {took}");
        Assert.DoesNotContain('\0', DiagnosticText.Render(reading.Diagnostics.Take(10)));
    }

    [Fact]
    public void Ten_times_the_findings_on_one_line_take_about_ten_times_as_long_to_show()
    {
        var (few, many) = (OneLine(1_500), OneLine(15_000));
        Assert.True(many.Count > 15_000);
        Assert.InRange(DiagnosticText.Render(many).Length, 1_000_000, 20_000_000);

        var ratio = Best(() => DiagnosticText.Render(many)) / Best(() => DiagnosticText.Render(few));

        // A hundred times, if each finding looked at the whole line.
        Assert.True(ratio < 40, $"{ratio:F0} times");

        static IReadOnlyList<Diagnostic> OneLine(int count) =>
            Read(new SourceText("rules/a.yaml", "rules: [{ " + string.Concat(Enumerable.Range(0, count).Select(i => $"キー{i}: 1, ")) + "name: a }]")).Diagnostics;

        static double Best(Action work) => Enumerable.Range(0, 3).Min(_ => ThreadClock.Time(work).TotalMilliseconds);
    }

    [Fact]
    public void A_file_over_256_kB_is_not_read()
    {
        var reading = Read(new SourceText("rules/a.yaml", "# " + new string('あ', 90_000)));

        var finding = Assert.Single(reading.Diagnostics);
        Assert.Equal(YamlDiagnostics.FileTooLarge, finding.Descriptor);
        Assert.Equal("the file has 270002 bytes; 262144 are allowed", finding.Message);
    }

    [Fact]
    public void Files_over_5_MiB_together_are_not_read()
    {
        var text = "rules: [] # " + new string('a', 250_000);
        SourceText[] files = [.. Enumerable.Range(0, 30).Select(i => new SourceText($"rules/{i:00}.yaml", text))];

        var reading = Read(files);

        var finding = Assert.Single(reading.Diagnostics);
        Assert.Equal(YamlDiagnostics.SetTooLarge, finding.Descriptor);
        Assert.Equal("rules/20.yaml", finding.Source.Path);
    }

    [Fact]
    public void A_list_file_over_a_mebibyte_is_not_read()
    {
        var file = new SourceText("rules/a.yaml", "lists: { x: { file: big.txt } }");

        var reading = RuleReader.Read([file], SomeActions.All, (_, _) => new string('a', 1024 * 1024 + 1));

        Assert.Equal(RuleDiagnostics.ListTooLarge, Assert.Single(reading.Diagnostics).Descriptor);
    }

    [Fact]
    public void A_thousand_files_are_read_within_seconds()
    {
        SourceText[] files = [.. Enumerable.Range(0, 1000).Select(i => new SourceText($"rules/{i:0000}.yaml", ValidFiles.Numbered(i)))];
        Read(files[..10]);
        RuleReading? reading = null;

        var took = ThreadClock.Time(() => reading = Read(files));

        Assert.Empty(reading!.Diagnostics);
        Assert.Equal(1000, reading.RuleSet!.Rules.Count);
        // The goal is 2 s; the bound is for a machine that does much else besides.
        Assert.True(took < TimeSpan.FromSeconds(10), $"took {took}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:F0} ms, {files.Sum(file => Encoding.UTF8.GetByteCount(file.Text))} bytes"));
    }

    private static RuleReading Read(params SourceText[] files) => RuleReader.Read(files, SomeActions.All);
}
