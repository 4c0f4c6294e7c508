using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>Reads rule files of the documentation as the program would.</summary>
internal static class RuleFileReading
{
    public static RuleReading Read(string path, string text) => RuleReader.Read([new SourceText(path, text)], ActionTable.Descriptors);

    /// <summary>Everything that is found about a file, its tests included.</summary>
    public static IReadOnlyList<Diagnostic> Findings(string path, string text)
    {
        var reading = Read(path, text);
        return reading.RuleSet is null ? reading.Diagnostics
            : [.. reading.Diagnostics, .. RuleTestReader.Read(reading, ActionTable.Descriptors).Diagnostics];
    }

    /// <summary>The results of a file's tests.</summary>
    public static async Task<IReadOnlyList<RuleTestResult>> TestAsync(string path, string text, CancellationToken cancellationToken)
    {
        var reading = Read(path, text);
        var runner = new RuleTestRunner(reading.RuleSet!, ActionTable.Offline());
        var results = new List<RuleTestResult>();
        foreach (var test in RuleTestReader.Read(reading, ActionTable.Descriptors).Tests)
        {
            results.Add(await runner.RunAsync(test, cancellationToken));
        }

        return results;
    }

    /// <summary>The failures of a test with what happened, for people.</summary>
    public static string Told(RuleTestResult result) =>
        string.Join('\n', (object[])[result.Test.Name, .. result.Failures, .. result.Trace]);
}
