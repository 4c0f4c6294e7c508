using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Tests.RuleTests;

/// <summary>Runs the tests of a rule file's text.</summary>
internal static class TestedRules
{
    /// <summary>The result of its only test, which is well written.</summary>
    public static async Task<RuleTestResult> RunAsync(string text)
    {
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", text)], ActionTable.Descriptors);
        Assert.True(reading.RuleSet is not null, DiagnosticText.Render(reading.Diagnostics));
        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        Assert.True(findings.Count == 0, DiagnosticText.Render(findings));
        return await new RuleTestRunner(reading.RuleSet!, ActionTable.Offline()).RunAsync(Assert.Single(tests), TestContext.Current.CancellationToken);
    }
}
