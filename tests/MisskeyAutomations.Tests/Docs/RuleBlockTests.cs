using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Formatting;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>What the documentation and the examples show is true.</summary>
public sealed class RuleBlockTests
{
    private static readonly string[] KnownKinds =
        ["yaml", "yaml rule", "yaml steps", "yaml tests", "yaml defaults", "yaml wrong", "yaml wrong rule", "yaml wrong steps", "yaml wrong tests", "yaml wrong defaults", "yaml settings", "yaml compose"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages() => [.. Document.All.Select(page => page.Path)];

    public static TheoryData<string> RuleFiles() => [.. ExampleFiles()];

    // A recipe goes into a folder in which no schema need be.
    public static TheoryData<string> Examples() => [.. ExampleFiles().Where(path => path.StartsWith("rules/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_rule_on_a_page_reads_without_a_finding_and_its_tests_pass(string path)
    {
        foreach (var block in Document.Read(path).Blocks().Where(block => block.IsRuleFile))
        {
            var findings = RuleFileReading.Findings(block.ToString(), block.Whole).ToArray();

            Assert.True(findings.Length == 0, DiagnosticText.Render(findings));
            Assert.All(await RuleFileReading.TestAsync(block.ToString(), block.Whole, Cancelled), result => Assert.True(result.Passed, RuleFileReading.Told(result)));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_YAML_block_says_what_it_is(string path)
    {
        var unknown = Document.Read(path).Blocks().Where(block => block.Info.StartsWith("yaml", StringComparison.Ordinal) && !KnownKinds.Contains(block.Info));

        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public async Task An_example_reads_without_a_finding_and_its_tests_pass(string path)
    {
        var text = File.ReadAllText(Path.Combine(SourceFiles.Root, path));

        Assert.Empty(RuleFileReading.Findings(path, text));
        Assert.All(await RuleFileReading.TestAsync(path, text, Cancelled), result => Assert.True(result.Passed, RuleFileReading.Told(result)));
    }

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void An_example_is_formatted(string path)
    {
        var text = File.ReadAllText(Path.Combine(SourceFiles.Root, path));

        Assert.Equal(text, RuleFormatter.Format(new SourceText(path, text), ActionTable.Descriptors).Text);
    }

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void An_example_says_in_its_first_line_what_it_is_for(string path) =>
        Assert.StartsWith("# ", File.ReadLines(Path.Combine(SourceFiles.Root, path)).First(), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_tells_editors_its_schema(string path) =>
        Assert.Equal("# yaml-language-server: $schema=.schema.json", File.ReadLines(Path.Combine(SourceFiles.Root, path)).ElementAt(1));

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void Every_example_rule_has_a_test_in_which_it_acts_and_one_in_which_it_does_not(string path)
    {
        var reading = RuleFileReading.Read(path, File.ReadAllText(Path.Combine(SourceFiles.Root, path)));
        var expectations = RuleTestReader.Read(reading, ActionTable.Descriptors).Tests
            .SelectMany(test => test.Expectations.Select(expectation => (expectation.Rule, Kind: KindOf(test, expectation))))
            .ToLookup(pair => pair.Rule, pair => pair.Kind, StringComparer.Ordinal);

        foreach (var rule in reading.RuleSet!.Rules)
        {
            Assert.True(expectations[rule.Name].Any(kind => kind.Acts), $"{path}: no test in which {rule.Name} acts");

            // A rule with `else`, or without condition and limit, acts always; only the gates of all rules could stop it.
            Assert.True(
                expectations[rule.Name].Any(kind => kind.Rests) || rule.Else.Count > 0 || (rule.When is null && rule.Limits.Count == 0),
                $"{path}: no test in which {rule.Name} does not act");
        }
    }

    [Fact]
    public void The_examples_load_together()
    {
        var reading = Engine.Rules.RuleReader.Read(
            [.. ExampleFiles().Select(path => new SourceText(path, File.ReadAllText(Path.Combine(SourceFiles.Root, path))))], ActionTable.Descriptors);

        Assert.Empty(reading.Diagnostics);
    }

    // More events than expected steps: the limit held some of them back.
    private static (bool Acts, bool Rests) KindOf(RuleTest test, Expectation expectation) => expectation switch
    {
        Expectation.Acts acts => (acts.Steps.Count > 0, acts.Steps.Count < test.Givens.Count(given => given is Given.Happens) || acts.Steps.Count == 0),
        _ => (false, true),
    };

    private static IEnumerable<string> ExampleFiles() => ((string[])["rules", "recipes"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, folder), "*.yaml", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(SourceFiles.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
