using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Explanations;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>
/// The rule files as the pages see them. A file has a key, made of its name, by which it is found among those of the folder: nothing that comes from outside
/// is ever taken for a path.
/// </summary>
internal sealed class RuleShelf(RuleFolder folder)
{
    private const int Deepest = 5;

    private static readonly EndpointFacts Endpoints = new(Permissions.For, EndpointTraits.BudgetOf);

    /// <summary>The folder as the settings name it.</summary>
    public string Folder => folder.Path;

    /// <summary>Whether there is such a folder.</summary>
    public bool Exists => folder.Exists;

    /// <summary>The files in their order.</summary>
    public IReadOnlyList<RuleFile> List() => folder.Exists ? [.. folder.List().Select(Describe)] : [];

    /// <summary>The file of this key; null when there is none.</summary>
    public RuleFile? Find(string key) => List().ToDictionary(file => file.Key, StringComparer.Ordinal).GetValueOrDefault(key);

    /// <summary>Reads all of them, with a text in place of one that is there.</summary>
    public RuleReading Read(SourceText? instead = null) => folder.Again().Read(instead);

    /// <summary>Says in words what a rule does, below its name; no line stands farther in than the style sheet lets it.</summary>
    public static IReadOnlyList<ExplainedLine> Explain(Rule rule, RuleSet rules, DateTimeOffset now) =>
        [.. RuleExplainer.Explain(rule, rules, Endpoints, now).Skip(1).Select(line => line with { Depth = Math.Clamp(line.Depth, 0, Deepest) })];

    /// <summary>Runs the tests that stand in a file; nothing is sent.</summary>
    public static async Task<(IReadOnlyList<RuleTestResult> Results, IReadOnlyList<Diagnostic> Findings)> TestAsync(
        RuleReading reading, RuleFile file, CancellationToken cancellationToken)
    {
        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        var runner = new RuleTestRunner(reading.RuleSet!, ActionTable.Offline());
        var results = new List<RuleTestResult>();
        foreach (var test in tests.Where(test => test.Source.Path == file.Path))
        {
            results.Add(await runner.RunAsync(test, cancellationToken));
        }

        return (results, [.. findings.Where(finding => finding.Source.Path == file.Path)]);
    }

    private RuleFile Describe(string path)
    {
        var name = path == folder.Path ? Path.GetFileName(path) : Path.GetRelativePath(folder.Path, path).Replace('\\', '/');
        return new(Digest.Of(name)[..12], name, path);
    }
}

/// <summary>A rule file.</summary>
/// <param name="Key">What stands for it in addresses.</param>
/// <param name="Name">Its name below the folder.</param>
/// <param name="Path">Where it is.</param>
public sealed record RuleFile(string Key, string Name, string Path)
{
    /// <summary>The address of its page.</summary>
    public string Url => $"/rules/files/{Key}";
}
