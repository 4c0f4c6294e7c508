using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>Commands without a path work on the folder that the configuration names.</summary>
public sealed class ConfiguredFolderTests
{
    [Theory]
    [InlineData("validate", 0)]
    [InlineData("fmt --check", 1)]
    [InlineData("explain", 0)]
    [InlineData("scopes --offline", 0)]
    public async Task Without_a_path_it_is_the_configured_folder(string command, int code)
    {
        using var folder = new TemporaryFolder();
        folder.Write("automations.yaml", "rules: mine\n");
        folder.Write("mine/a.yaml", "rules:\n  - { name: hello,   on: mention, do: [ { react: 👋 } ] }\n\n\n");

        var run = await ProgramRun.ToEndAsync(folder.Path, null, command.Split(' '));

        Assert.Equal((code, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("fmt")]
    [InlineData("explain")]
    public async Task A_path_counts_before_the_configuration(string command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("automations.yaml", "rules: mine\n");
        folder.Write("mine/a.yaml", "rules: 5\n");
        folder.Write("theirs/a.yaml", "rules:\n  - name: hello\n    on: mention\n    do:\n      - react: 👋\n");

        var run = await ProgramRun.ToEndAsync(folder.Path, null, command == "explain" ? [command, "--rules", "theirs"] : [command, "theirs"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }
}
