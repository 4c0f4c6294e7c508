using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

public sealed class AccountOfTestsTests
{
    [Fact]
    public async Task A_rule_for_one_account_can_be_tested()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/a.yaml", """
            rules:
              - name: pong
                account: main
                on: mention
                do:
                  - reply: PONG!
            tests:
              - name: it answers
                given: { mention: { note: { text: hi } } }
                expect: { pong: [ { reply: PONG! } ] }
            """);

        var (exitCode, output, _) = await ProgramRun.ToEndAsync(folder.Path, null, "test", "rules");

        Assert.Equal(0, exitCode);
        Assert.Contains("1 passed", output, StringComparison.Ordinal);
    }
}
