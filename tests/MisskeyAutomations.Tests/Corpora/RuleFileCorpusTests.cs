using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Rule files as people, editors and enemies write them, read from a disk.</summary>
public sealed class RuleFileCorpusTests
{
    /// <summary>The verdict is that it loads, with the codes of what is remarked on it, or the codes of its errors.</summary>
    [Fact]
    public Task Every_file_loads_or_is_refused_for_its_reason() => Corpus.CheckAsync("rule-files.corpus", atLeast: 800, JudgeAsync, atOnce: 4);

    private static Task<string> JudgeAsync(string text)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["rules"]);
        File.WriteAllBytes(folder["rules/x.yaml"], CorpusBytes.Of(text));
        var reading = new RuleFolder(folder["rules"], ActionTable.Descriptors, ["main"]).Read();
        var told = DiagnosticText.Render(reading.Diagnostics);

        Assert.All(reading.Diagnostics, finding => Assert.True(finding.Span.Start >= 0 && finding.Message.Length > 0, told));
        Assert.DoesNotContain("System.Exception", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001B', told);
        var codes = string.Join(' ', reading.Diagnostics.Where(finding => reading.RuleSet is not null || finding.Severity == Severity.Error)
            .Select(finding => finding.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return Task.FromResult(reading.RuleSet is null ? codes : codes.Length == 0 ? "loads" : $"loads with {codes}");
    }
}
