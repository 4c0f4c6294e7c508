using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary><c>test --watch</c> and <c>validate --watch</c>, as an author leaves them running beside the editor.</summary>
public sealed class WatchTests : IDisposable
{
    private const string Rules = """
        rules:
          - name: ping
            on: mention
            do:
              - reply: ${note.text}
        tests:
          - name: recorded
            given: { file: ../recorded/ping.json }
            expect: { ping: [ { reply: one } ] }

        """;


    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tests_run_again_when_a_rule_or_a_recorded_event_changes_and_end_with_zero_when_told_to()
    {
        _folder.Write("rules/a.yaml", Rules);
        WritePayload("one");
        await using var run = ProgramRun.Start(_folder.Path, null, "test", "rules", "--watch");

        await SaysAsync(run, "1 passed, 0 failed", 1);
        WritePayload("two and longer");
        await SaysAsync(run, "0 passed, 1 failed", 1);
        _folder.Write("rules/a.yaml", Rules.Replace("reply: one", "reply: two and longer", StringComparison.Ordinal));
        await SaysAsync(run, "1 passed, 0 failed", 2);
        await SaysAsync(run, "Runs again when a file changes; Ctrl+C ends it.", 3);
        await run.TerminateAsync();

        Assert.Equal(0, await run.ExitCodeAsync());
        Assert.Equal("", run.Error);
        Assert.Equal(3, Count(run.Output, " rules\n"));
    }

    [Fact]
    public async Task Broken_files_wrong_settings_and_a_folder_that_goes_and_comes_back_are_told_and_outlived()
    {
        const string Good = "rules:\n  - name: a\n    on: mention\n    do:\n      - react: star\n";
        _folder.Write("rules/a.yaml", Good);
        await using var run = ProgramRun.Start(_folder.Path, null, "validate", "rules", "--watch");

        await SaysAsync(run, "1 rule in 1 file: no findings.", 1);
        _folder.Write("rules/a.yaml", "rules: [");
        await SaysAsync(run, "error MKA", 1);
        Directory.Delete(_folder["rules"], recursive: true);
        await SaysAsync(run, "There is no rules folder or file 'rules'.", 1);
        _folder.Write("rules/a.yaml", Good);
        await SaysAsync(run, "1 rule in 1 file: no findings.", 2);
        _folder.Write("automations.yaml", "no-such-setting: true\n");
        await SaysAsync(run, "no-such-setting", 1);
        File.Delete(_folder["automations.yaml"]);
        await SaysAsync(run, "1 rule in 1 file: no findings.", 3);
        await run.TerminateAsync();

        Assert.Equal(0, await run.ExitCodeAsync());
    }

    [Fact]
    public async Task What_cannot_be_watched_is_told_at_once()
    {
        _folder.Write("rules/a.yaml", Rules);

        var nowhere = await ProgramRun.ToEndAsync(_folder.Path, null, "test", "nowhere", "--watch");
        var machine = await ProgramRun.ToEndAsync(_folder.Path, null, "validate", "rules", "--watch", "--format", "json");

        Assert.Equal((78, 64), (nowhere.ExitCode, machine.ExitCode));
        Assert.Equal("misskey-automations: --watch writes for people, again and again: leave out --format json, or --watch.\n", machine.Error);
    }

    private void WritePayload(string text) =>
        _folder.Write("recorded/ping.json", $$"""{ "type": "mention", "body": { "note": { "id": "n1", "userId": "u1", "user": { "id": "u1", "username": "mei" }, "text": "{{text}}", "visibility": "public" } } }""");

    private static async Task SaysAsync(ProgramRun run, string part, int times)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Eventually.Patience);
        while (Count(run.Output + run.Error, part) < times)
        {
            Assert.False(run.HasExited, run.Output + run.Error);
            Assert.False(deadline.IsCancellationRequested, $"It did not say '{part}' {times} times:\n{run.Output}\n{run.Error}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
