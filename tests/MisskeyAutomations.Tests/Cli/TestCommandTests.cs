using System.Globalization;
using System.Xml.Linq;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>Tests of rules as authors run them.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Rules = """
        rules:
          - name: ping
            on: mention
            do:
              - reply: PONG!
          - name: 朝の挨拶
            on: mention
            do:
              - log: おはよう
        tests:
          - name: A ping is answered
            given: { mention: {} }
            expect: { ping: [ { reply: PONG! } ] }
          - name: "wrong \e\uFFFE \ud83d\ude00 <&\">"
            given: { mention: {} }
            expect: { ping: [ { reply: "PANG \e\uFFFE 😀 <]]>" } ] }
          - name: 夜
            given: { mention: {} }
            expect: { 朝の挨拶: [ { log: おはよう } ] }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("PING IS", 1)]
    [InlineData("ｐｉｎｇ", 2)]
    [InlineData("挨拶", 1)]
    [InlineData("夜", 1)]
    public async Task A_filter_chooses_by_names_of_tests_and_rules_whatever_their_case_and_width(string filter, int ran)
    {
        _folder.Write("rules/a.yaml", Rules);

        var (_, output, error) = await RunAsync("--filter", filter);

        Assert.Equal(("", ran), (error, output.Split('\n').Count(line => line.StartsWith('✓') || line.StartsWith('✗'))));
        Assert.Contains($", {3 - ran} left out, ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anwered", "Near it: A ping is answered.")]
    [InlineData("png", "Near it: A ping is answered, ping.")]
    [InlineData("zzzzzz", "Without --filter all run.")]
    public async Task A_filter_that_nothing_is_like_names_what_is_near(string filter, string hint)
    {
        _folder.Write("rules/a.yaml", Rules);

        var (exitCode, output, error) = await RunAsync("--filter", filter);

        Assert.Equal((64, "", $"misskey-automations: None of the 3 tests has '{filter}' in its name, nor in that of a rule it looks at. {hint}\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Warnings_count_only_when_strict()
    {
        _folder.Write("rules/a.yaml", "rules:\n  - name: a\n    on: mention\n    when: [user.isCat]\n    do:\n      - reply: hi\n");

        var lax = await RunAsync();
        var strict = await RunAsync("--strict", "--report", "out.xml");

        Assert.Equal((0, 1), (lax.ExitCode, strict.ExitCode));
        Assert.DoesNotContain("warning", lax.Output, StringComparison.Ordinal);
        Assert.Contains("rules/a.yaml:4:11: warning MKA", strict.Output, StringComparison.Ordinal);
        Assert.Single(XDocument.Load(_folder["out.xml"]).Descendants("error"));
    }

    [Fact]
    public async Task A_report_has_a_suite_for_each_file_and_a_case_for_each_test_and_finding()
    {
        _folder.Write("rules/a.yaml", Rules);
        _folder.Write("rules/b.yaml", "tests:\n  - name: nobody\n    given: { mention: {} }\n    expect: { pong: nothing }\n  - name: silent\n    given: { mention: {} }\n    expect: { ping: nothing }\n");

        var (exitCode, _, error) = await RunAsync("--report", "out/junit.xml");

        Assert.Equal((1, ""), (exitCode, error));
        var root = XDocument.Load(_folder["out/junit.xml"]).Root!;
        Assert.Equal(("testsuites", "5", "2", "1"), (root.Name.LocalName, Of(root, "tests"), Of(root, "failures"), Of(root, "errors")));
        Assert.Equal(["rules/a.yaml 3 1 0", "rules/b.yaml 2 1 1"], root.Elements("testsuite").Select(suite => $"{Of(suite, "name")} {Of(suite, "tests")} {Of(suite, "failures")} {Of(suite, "errors")}").Order(StringComparer.Ordinal));
        Assert.All(root.DescendantsAndSelf().Where(element => element.Name != "failure" && element.Name != "error"), element =>
            Assert.True(double.Parse(Of(element, "time"), CultureInfo.InvariantCulture) >= 0));
        Assert.All(root.Descendants("testcase"), one => Assert.Equal(Of(one.Parent!, "name"), Of(one, "file")));

        var failed = Assert.Single(root.Descendants("testcase"), one => Of(one, "name") == @"wrong \u001b\ufffe 😀 <&"">");
        Assert.Equal("14", Of(failed, "line"));
        Assert.Contains(@"expected: PANG \u001b\ufffe 😀 <]]>", Assert.Single(failed.Elements("failure")).Value, StringComparison.Ordinal);
        var finding = Assert.Single(root.Descendants("error"));
        Assert.Equal(("MKA1506", "MKA1506 4:15"), (Of(finding, "type"), Of(finding.Parent!, "name")));
        Assert.Contains("rules/b.yaml:4:15: error MKA1506", finding.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_tells_why_no_test_ran()
    {
        _folder.Write("rules/a.yaml", Rules.Replace("reply: PONG!\n  -", "replay: PONG!\n  -", StringComparison.Ordinal));

        var (exitCode, _, _) = await RunAsync("--report", "junit.xml");

        Assert.Equal(1, exitCode);
        Assert.Equal("MKA1301", Of(Assert.Single(XDocument.Load(_folder["junit.xml"]).Descendants("error")), "type"));
    }

    [Theory]
    [InlineData("rules")]
    [InlineData("rules/a.yaml/junit.xml")]
    public async Task A_report_that_cannot_be_written_is_told(string path)
    {
        _folder.Write("rules/a.yaml", Rules);

        var (exitCode, _, error) = await RunAsync("--report", path);

        Assert.Equal(74, exitCode);
        Assert.StartsWith($"misskey-automations: The report cannot be written to '{path}': ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Name another file with --report.\n", error, StringComparison.Ordinal);
    }

    private static string Of(XElement element, string attribute) => element.Attribute(attribute)?.Value ?? "";

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] options) => ProgramRun.ToEndAsync(_folder.Path, null, ["test", "rules", .. options]);
}
