using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FmtTests : IDisposable
{
    private const string Rough = "rules:\n- name: 'ping'\n  on: mention\n  when: ${ note.isReply = false }   # 返信\t🎉\n  do:\n  - reply: PONG!\n";
    private const string Fine = "rules:\n  - name: ping\n    on: mention\n    when: note.isReply == false       # 返信\t🎉\n    do:\n      - reply: PONG!\n";
    private const string Wrong = "rules:\n- name: ping\n  on: mentoin\n  do: stop\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_formatted_and_keep_their_mode_and_byte_order_mark()
    {
        var rough = _folder.Write("rules/a.yaml", Rough);
        _folder.Write("rules/fine.yaml", Fine.Replace("ping", "other", StringComparison.Ordinal));
        var marked = _folder.Write("rules/b/marked.yml", "\ufeff" + Rough.Replace("\n", "\r\n", StringComparison.Ordinal));
        File.SetUnixFileMode(rough, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (exitCode, output, error) = await RunAsync("fmt");

        Assert.Equal((0, "rules/a.yaml was formatted\nrules/b/marked.yml was formatted\n", ""), (exitCode, output, error));
        Assert.Equal(Fine, await ReadAsync("rules/a.yaml"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(rough));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes("\ufeff" + Fine.Replace("\n", "\r\n", StringComparison.Ordinal)), await File.ReadAllBytesAsync(marked, TestContext.Current.CancellationToken));
        Assert.Equal(["a.yaml", "b", "fine.yaml"], Directory.EnumerateFileSystemEntries(_folder["rules"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal((0, "3 files: nothing to change.\n", ""), await RunAsync("fmt", "rules"));
    }

    [Fact]
    public async Task A_check_changes_nothing_and_says_which_files_are_not_formatted()
    {
        _folder.Write("a.yaml", Rough);
        _folder.Write("b.yaml", Fine);

        Assert.Equal((1, "a.yaml is not formatted\n", ""), await RunAsync("fmt", "--check", "a.yaml", "b.yaml"));
        Assert.Equal(Rough, await ReadAsync("a.yaml"));
        Assert.Equal((0, "1 file: nothing to change.\n", ""), await RunAsync("fmt", "--check", "b.yaml"));
    }

    [Fact]
    public async Task A_file_with_errors_stays_and_the_others_are_formatted()
    {
        _folder.Write("rules/a.yaml", Wrong);
        _folder.Write("rules/b.yaml", Rough);

        var (exitCode, output, _) = await RunAsync("fmt", "rules");

        Assert.Equal(1, exitCode);
        Assert.Contains("rules/a.yaml:3:7: error MKA1108", output, StringComparison.Ordinal);
        Assert.EndsWith("Files with errors stay as they are.\n", output, StringComparison.Ordinal);
        Assert.Equal(Wrong, await ReadAsync("rules/a.yaml"));
        Assert.Equal(Fine, await ReadAsync("rules/b.yaml"));
    }

    [Fact]
    public async Task A_link_stays_a_link()
    {
        var target = _folder.Write("elsewhere/a.yaml", Rough);
        Directory.CreateDirectory(_folder["rules"]);
        File.CreateSymbolicLink(_folder["rules/a.yaml"], target);

        var (exitCode, _, _) = await RunAsync("fmt");

        Assert.Equal(0, exitCode);
        Assert.NotNull(new FileInfo(_folder["rules/a.yaml"]).LinkTarget);
        Assert.Equal(Fine, await ReadAsync("elsewhere/a.yaml"));
    }

    [Theory]
    [InlineData(Rough, 0, Fine, "")]
    [InlineData(Wrong, 1, "", "(standard input):3:7: error MKA1108")]
    public async Task Standard_input_goes_to_standard_output(string input, int exitCode, string output, string error)
    {
        await using var run = ProgramRun.Start(_folder.Path, null, "fmt", "-");
        await run.InputAsync(input);

        Assert.Equal(exitCode, await run.ExitCodeAsync());
        Assert.Equal(output, run.Output);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
    }

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(_folder[name], TestContext.Current.CancellationToken);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ProgramRun.ToEndAsync(_folder.Path, null, arguments);
}
