using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary>The tests of a folder, run once.</summary>
internal sealed record TestRound
{
    /// <summary>What is wrong with the rule files and their tests; warnings about rules only where they count.</summary>
    public required IReadOnlyList<Diagnostic> Findings { get; init; }

    /// <summary>The tests that ran, in file order, with the time that each took.</summary>
    public IReadOnlyList<(RuleTestResult Result, TimeSpan Took)> Results { get; init; } = [];

    /// <summary>How many tests the filter left out.</summary>
    public int LeftOut { get; init; }

    /// <summary>How many files were read.</summary>
    public required int Files { get; init; }

    /// <summary>The time that reading and running took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Whether the rules could be read, so that tests ran at all.</summary>
    public bool HasRules { get; init; }

    /// <summary>Whether warnings count.</summary>
    public bool IsStrict { get; init; }

    /// <summary>How many tests failed.</summary>
    public int Failed => Results.Count(entry => !entry.Result.Passed);

    /// <summary>Whether nothing is to be mended.</summary>
    public bool IsGood => HasRules && Failed == 0 && !Findings.Any(Counts);

    /// <summary>Whether a finding is to be mended.</summary>
    public bool Counts(Diagnostic finding) => finding.Severity == Severity.Error || IsStrict;

    /// <summary>Reads the folder and runs its tests.</summary>
    /// <param name="folder">The rule files.</param>
    /// <param name="filter">Which tests run; null for all.</param>
    /// <param name="strict">Whether warnings count.</param>
    /// <param name="time">Measures.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailure">No test is as the filter says.</exception>
    public static async Task<TestRound> OfAsync(RuleFolder folder, string? filter, bool strict, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var reading = folder.Read();
        var round = new TestRound { Findings = reading.Diagnostics, Files = folder.List().Count, IsStrict = strict };
        if (reading.RuleSet is not { } rules)
        {
            return round;
        }

        var (tests, findings) = RuleTestReader.Read(reading, ActionTable.Descriptors);
        var chosen = TestFilter.Choose(tests, filter);
        if (chosen.Count == 0 && filter is not null && findings.Count == 0)
        {
            throw TestFilter.NothingIs(filter, tests);
        }

        var runner = new RuleTestRunner(rules, ActionTable.Offline());
        var results = new List<(RuleTestResult, TimeSpan)>();
        foreach (var test in chosen)
        {
            var begun = time.GetTimestamp();
            results.Add((await runner.RunAsync(test, cancellationToken), time.GetElapsedTime(begun)));
        }

        return round with
        {
            Findings = strict ? [.. reading.Diagnostics, .. findings] : findings,
            Results = results,
            LeftOut = tests.Count - chosen.Count,
            Took = time.GetElapsedTime(start),
            HasRules = true,
        };
    }
}
