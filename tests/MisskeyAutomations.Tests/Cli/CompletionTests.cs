using System.Diagnostics;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>What a shell is told that may stand at the cursor.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string TwoRules = """
        rules:
          - name: greet
            on: mention
            do:
              - react: star
          - name: 挨拶
            on: mention
            do:
              - react: star

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x ex", "explain")]
    [InlineData("x explain ", "greet 挨拶")]
    [InlineData("x explain 挨", "挨拶")]
    [InlineData("x explain --la", "--lang")]
    [InlineData("x explain --lang ", "en ja")]
    [InlineData("x validate --format ", "github json sarif text")]
    [InlineData("x why ", "last")]
    [InlineData("x why g", "")]
    [InlineData("x why 3 ", "greet 挨拶")]
    [InlineData("x why 3 g", "greet")]
    [InlineData("x recipes add omi", "omikuji")]
    [InlineData("x explain --rules nowhere ", "")]
    [InlineData("x nonsense 'unclosed", "")]
    public async Task Names_what_may_stand_at_the_end_of_the_line(string line, string expected)
    {
        _folder.Write("rules/two.yaml", TwoRules);

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, null, "[suggest]", line);

        Assert.Equal((0, expected, ""), (exitCode, output.TrimEnd('\n').Replace('\n', ' '), error));
    }

    [Fact]
    public async Task Says_nothing_about_rules_with_errors()
    {
        _folder.Write("rules/broken.yaml", "rules: [\n");

        var told = await ProgramRun.ToEndAsync(_folder.Path, null, "[suggest]", "x explain ");

        Assert.Equal((0, "", ""), told);
    }

    [Fact]
    public async Task Bash_completes_by_the_script_that_the_program_prints()
    {
        _folder.Write("rules/two.yaml", TwoRules);
        var (_, script, _) = await ProgramRun.ToEndAsync(_folder.Path, null, "completion", "bash");
        _folder.Write("completion.bash", script);

        var start = new ProcessStartInfo("bash", ["-c", """
            source completion.bash
            COMP_LINE='misskey-automations explain gr' COMP_POINT=30 COMP_CWORD=2
            COMP_WORDS=(misskey-automations explain gr)
            _misskey_automations
            echo "${COMPREPLY[*]}"
            """])
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var bash = Process.Start(start)!;

        Assert.Equal("greet\n", await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
