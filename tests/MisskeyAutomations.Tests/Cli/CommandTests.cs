using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>Commands as their user types them.</summary>
public sealed partial class CommandTests : IDisposable
{
    private const string Good = """
        rules:
          - name: ping
            on: mention
            do:
              - reply: PONG!
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run", "--ruels", "x")]
    [InlineData("validate", "a", "b")]
    [InlineData("panic", "perhaps")]
    [InlineData("sandbox", "--seconds", "0")]
    [InlineData("sandbox", "--seconds", "soon")]
    [InlineData("sandbox", "--chaos", "much")]
    [InlineData("frobnicate")]
    public async Task What_makes_no_sense_on_the_command_line_is_64(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);

        Assert.Equal(64, exitCode);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.Contains(arguments.Last(word => word is not "x" and not "a"), output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["run", "sandbox", "validate", "test", "why", "panic"], command => Assert.Contains($"  {command}", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validate_is_content_with_good_rules()
    {
        _folder.Write("rules/a.yaml", Good);

        var (exitCode, output, error) = await RunAsync("validate", "rules");

        Assert.Equal((0, "1 rule in 1 file: no findings.\n", ""), (exitCode, output, error));
    }

    [Fact]
    public async Task Tests_and_failures_are_told_in_Japanese_where_the_option_or_the_environment_asks_for_it()
    {
        _folder.Write("rules/a.yaml", Good + """

            tests:
              - name: 返す
                given: { mention: {} }
                expect: { ping: [ { reply: PANG! } ] }
            """);

        var test = await RunAsync("test", "rules", "--lang", "ja");
        var failure = await RunAsync("validate", "nowhere", "--lang", "ja");
        var ofEnvironment = await ProgramRun.ToEndAsync(_folder.Path, new Dictionary<string, string> { ["MISSKEYAUTOMATIONS_LANG"] = "ja" }, "validate", "nowhere");

        Assert.Equal(
            """
            ✗ 返す  (rules/a.yaml:7)
                rules/a.yaml:9: ping、1 番目のステップ: reply: 「PANG!」のはずでしたが、「PONG!」でした
                  期待: PANG!
                  実際: PONG!
                         ^
                ping の実際の動き:
                  12:00:00 mention が発生
                  12:00:00   ping: 実行
                  12:00:00   ping: reply to @someone: "PONG!": 完了
            成功 0 件、失敗 1 件、N 秒

            """,
            Figures.Replace(test.Output, "N "));
        Assert.Equal("misskey-automations: ルールのフォルダーもファイルも 'nowhere' にありません。フォルダーを作ってルールファイルを入れるか、別のパスを指定してください。\n", failure.Error);
        Assert.Equal(failure.Error, ofEnvironment.Error);
    }

    [Fact]
    public async Task Findings_are_told_in_Japanese_where_the_option_asks_for_it()
    {
        _folder.Write("rules/a.yaml", Good);
        _folder.Write("errors.yaml", Good.Replace("reply", "replay", StringComparison.Ordinal));

        var good = await RunAsync("validate", "rules", "--lang", "ja");
        var errors = await RunAsync("validate", "errors.yaml", "--lang", "ja");

        Assert.Equal((0, "1 ファイル、ルール 1 件: 問題はありません。\n"), (good.ExitCode, good.Output));
        Assert.Contains("エラー MKA1301", errors.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 ファイル: エラー 1 件\n", errors.Output, StringComparison.Ordinal);

        var sarif = await RunAsync("validate", "errors.yaml", "--lang", "ja", "--format", "sarif");
        var driver = JsonDocument.Parse(sarif.Output).RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver");
        Assert.Equal("ja", driver.GetProperty("language").GetString());
        Assert.StartsWith("この名前のステップはありません。", driver.GetProperty("rules")[0].GetProperty("help").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_come_in_the_formats_of_machines_and_nothing_else_does()
    {
        _folder.Write("挨拶, 100%.yaml", "rules:\n  - name: 挨拶\n    on: mention\n    when: contains(note.said, '😀') and user.isbot\n    do:\n      - reply: hi\n");

        var json = await RunAsync("validate", "挨拶, 100%.yaml", "--format", "json");
        var sarif = await RunAsync("validate", "挨拶, 100%.yaml", "--format", "sarif");
        var github = await RunAsync("validate", "挨拶, 100%.yaml", "--format", "github");

        Assert.Equal((1, 1, 1), (json.ExitCode, sarif.ExitCode, github.ExitCode));
        var findings = JsonDocument.Parse(json.Output).RootElement.EnumerateArray().ToArray();
        var property = Assert.Single(findings, finding => finding.GetProperty("code").GetString() == "MKA1203");
        Assert.Equal((4, 41, 4, 51), (property.GetProperty("line").GetInt32(), property.GetProperty("column").GetInt32(), property.GetProperty("endLine").GetInt32(), property.GetProperty("endColumn").GetInt32()));
        Assert.Equal("did you mean 'user.isBot'?", property.GetProperty("hint").GetString());

        var run = JsonDocument.Parse(sarif.Output).RootElement.GetProperty("runs")[0];
        Assert.Equal("utf16CodeUnits", run.GetProperty("columnKind").GetString());
        Assert.Equal(findings.Length, run.GetProperty("results").GetArrayLength());
        Assert.EndsWith("%E6%8C%A8%E6%8B%B6%2C%20100%25.yaml", run.GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.All(run.GetProperty("results").EnumerateArray(), result =>
            Assert.Contains(run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray(), rule => rule.GetProperty("id").GetString() == result.GetProperty("ruleId").GetString()));

        var help = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("id").GetString() == "MKA1203").GetProperty("help");
        Assert.Equal("The value has no such property. The note lists those it has.\n\n- Wrong: user.isbot\n- Right: user.isBot", help.GetProperty("text").GetString());
        Assert.EndsWith("- Wrong: `user.isbot`\n- Right: `user.isBot`", help.GetProperty("markdown").GetString(), StringComparison.Ordinal);

        Assert.All(github.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^::(error|warning) file=.*挨拶%2C 100%25[.]yaml,line=4,endLine=4,col=[0-9]+,endColumn=[0-9]+,title=MKA[0-9]{4}::.+$", line));
    }

    [Fact]
    public async Task Validate_ends_with_one_on_errors_and_on_warnings_only_when_strict()
    {
        _folder.Write("errors.yaml", Good.Replace("reply", "replay", StringComparison.Ordinal));
        _folder.Write("warnings.yaml", Good.Replace("do:", "when: [user.isCat]\n    do:", StringComparison.Ordinal));

        var errors = await RunAsync("validate", "errors.yaml");
        var warnings = await RunAsync("validate", "warnings.yaml");
        var strict = await RunAsync("validate", "warnings.yaml", "--strict");

        Assert.Equal(1, errors.ExitCode);
        Assert.Contains("errors.yaml:5:9: error MKA", errors.Output, StringComparison.Ordinal);
        Assert.Equal(0, warnings.ExitCode);
        Assert.Contains("warning MKA", warnings.Output, StringComparison.Ordinal);
        Assert.Equal(1, strict.ExitCode);
        Assert.DoesNotContain('\u001b', errors.Output + warnings.Output);
    }

    [Fact]
    public async Task Test_ends_with_zero_when_all_pass_and_with_one_when_any_fails()
    {
        const string Tests = """

            tests:
              - name: answers
                given: { mention: { user: { username: mei }, note: { text: "@me ping" } } }
                expect: { ping: [ { reply: PONG! } ] }
            """;
        _folder.Write("pass.yaml", Good + Tests);
        _folder.Write("fail.yaml", Good + Tests.Replace("PONG!", "something else", StringComparison.Ordinal));

        var pass = await RunAsync("test", "pass.yaml");
        var fail = await RunAsync("test", "fail.yaml");

        Assert.Equal(0, pass.ExitCode);
        Assert.EndsWith("1 passed, 0 failed, N s\n", Figures.Replace(pass.Output, "N "), StringComparison.Ordinal);
        Assert.Equal(1, fail.ExitCode);
        Assert.Contains("✗ answers  (fail.yaml:", fail.Output, StringComparison.Ordinal);
        Assert.Contains("PONG!", fail.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', pass.Output + fail.Output);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("test")]
    public async Task A_path_that_is_not_there_is_told(string command)
    {
        var (exitCode, _, error) = await RunAsync(command, "nowhere");

        Assert.Equal(78, exitCode);
        Assert.Contains("'nowhere'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Panic_without_an_engine_says_that_none_answers(string state)
    {
        var (exitCode, _, error) = await RunAsync("panic", state);

        Assert.Equal(75, exitCode);
        Assert.StartsWith("misskey-automations: No engine answers on the data directory 'data'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_without_a_database_says_where_it_looked_and_makes_none()
    {
        var (exitCode, _, error) = await RunAsync("why", "--data", "elsewhere");

        Assert.Equal(74, exitCode);
        Assert.Contains("'elsewhere'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["elsewhere"]));
    }

    [Fact]
    public async Task Panic_works_whatever_else_the_settings_say()
    {
        _folder.Write("automations.yaml", "accounts: { main: { server: nonsense } }\n: [");

        var (exitCode, _, error) = await RunAsync("panic", "on", "--data", "elsewhere");

        Assert.Equal(75, exitCode);
        Assert.Contains("'elsewhere'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sandbox_plays_shows_a_rule_taking_an_event_and_ends_in_time()
    {
        var (exitCode, output, error) = await RunAsync("sandbox", "--seconds", "5");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("takes it", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(_folder.Path, null, arguments);

    [GeneratedRegex(@"[0-9]+\.[0-9] (?=s|秒)", RegexOptions.None, 1_000)]
    private static partial Regex Figures { get; }
}
