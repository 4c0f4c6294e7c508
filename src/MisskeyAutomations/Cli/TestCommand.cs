using System.CommandLine;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.RuleTests;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary><c>test PATH</c>: runs the tests in rule files with a virtual clock; nothing is sent.</summary>
internal static class TestCommand
{
    public static Command Describe()
    {
        var path = new Argument<string>("PATH") { Description = "A rule file or a folder of them", DefaultValueFactory = _ => "rules" };
        var lang = Languages.Option();
        var command = new Command("test", "Run the tests in rule files: a virtual clock, nothing is sent") { path, lang };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(path), Languages.Of(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, Translation language, CancellationToken cancellationToken)
    {
        var folder = RuleFolders.Open(path, allowAdmin: true);
        var reading = folder.Read();
        if (reading.RuleSet is not { } rules)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
            return ExitCodes.Findings;
        }

        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        DiagnosticPrinter.Print(findings, folder.List().Count, language);
        var runner = new RuleTestRunner(rules, ActionTable.Offline());
        var failed = 0;
        foreach (var test in tests)
        {
            var result = await runner.RunAsync(test, cancellationToken);
            failed += result.Passed ? 0 : 1;
            Print(result, language);
        }

        AnsiConsole.WriteLine(Phrase.Of($"{tests.Count - failed} passed, {failed} failed").In(language));
        return failed > 0 || findings.Any(finding => finding.Severity == Severity.Error) ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static void Print(RuleTestResult result, Translation language)
    {
        var (line, _) = result.Test.Source.GetPosition(result.Test.Span.Start);
        AnsiConsole.Write(result.Passed ? new Text("✓ ", new Style(Color.Green)) : new Text("✗ ", new Style(Color.Red)));
        AnsiConsole.WriteLine(result.Passed ? result.Test.Name : $"{result.Test.Name}  ({result.Test.Source.Path}:{line})");
        foreach (var failure in result.Failures)
        {
            AnsiConsole.Write(new Text($"    {failure.In(language)}\n", new Style(Color.Red)));
        }

        if (!result.Passed)
        {
            var trace = string.Concat(result.Trace.Select(entry => $"      {entry.In(language)}\n"));
            AnsiConsole.Write(new Text($"    {Phrase.Of("what happened:").In(language)}\n{trace}", new Style(Color.Grey)));
        }
    }
}
