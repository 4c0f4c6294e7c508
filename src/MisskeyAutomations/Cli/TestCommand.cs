using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary><c>test PATH</c>: runs the tests in rule files with a virtual clock; nothing is sent.</summary>
internal static class TestCommand
{
    public static Command Describe()
    {
        var path = CommonOptions.RulesPath();
        var filter = new Option<string?>("--filter") { Description = "Run only tests with this in their name, or in that of a rule they look at", HelpName = "TEXT" };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors" };
        var report = new Option<string?>("--report") { Description = "Write what they gave as JUnit XML into this file", HelpName = "FILE" };
        var watch = CommonOptions.Watch();
        var lang = Languages.Option();
        var command = new Command("test", "Run the tests in rule files: a virtual clock, nothing is sent") { path, filter, strict, report, watch, lang };
        command.SetAction((parsed, cancellationToken) =>
        {
            var rules = EngineSettings.ReadRules(parsed.GetValue(path));
            var wanted = new Wanted(parsed.GetValue(filter), parsed.GetValue(strict), parsed.GetValue(report), Languages.Of(parsed));
            return parsed.GetValue(watch)
                ? WatchedRuns.RunAsync(rules, () => Open(rules), (folder, token) => RunAsync(folder, wanted, token), wanted.Language, cancellationToken)
                : RunAsync(Open(rules), wanted, cancellationToken);
        });
        return command;
    }

    // Whether the rules may call what they call is a matter of the configuration, and of `validate`.
    private static RuleFolder Open(string path) => RuleFolders.Open(path, allowAdmin: true);

    private static async Task<int> RunAsync(RuleFolder folder, Wanted wanted, CancellationToken cancellationToken)
    {
        var round = await TestRound.OfAsync(folder, wanted.Filter, wanted.IsStrict, TimeProvider.System, cancellationToken);
        TestPrinter.Print(round, wanted.Language);
        if (wanted.Report is { } report)
        {
            JUnitReport.Write(report, round, wanted.Language);
        }

        return round.IsGood ? ExitCodes.Done : ExitCodes.Findings;
    }

    private sealed record Wanted(string? Filter, bool IsStrict, string? Report, Translation Language);
}
