using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Cli;

/// <summary>Chooses tests by a part of their name, or of the name of a rule that they look at. Case and width do not matter.</summary>
internal static class TestFilter
{
    private const int MostNear = 5;

    /// <summary>The tests that are meant, in their order.</summary>
    /// <param name="tests">All tests.</param>
    /// <param name="filter">A part of a name; null for all tests.</param>
    public static IReadOnlyList<RuleTest> Choose(IReadOnlyList<RuleTest> tests, string? filter) =>
        filter is null ? tests : [.. tests.Where(test => NamesOf(test).Any(name => Folding.Fold(name).Contains(Folding.Fold(filter), StringComparison.Ordinal)))];

    /// <summary>Why none is meant, with names that are near.</summary>
    public static CommandFailure NothingIs(string filter, IReadOnlyList<RuleTest> tests)
    {
        var names = tests.SelectMany(NamesOf).Distinct(StringComparer.Ordinal).ToList();
        var near = names.Where(name => IsNear(Folding.Fold(filter), Folding.Fold(name))).Take(MostNear).ToList();
        return new(ExitCodes.Usage, (tests.Count, near.Count) switch
        {
            (0, _) => Phrase.Of($"There are no tests, so none has '{filter}' in its name. Write some under 'tests:' in a rule file."),
            (_, 0) => Phrase.Of($"None of the {tests.Count} tests has '{filter}' in its name, nor in that of a rule it looks at. Without --filter all run."),
            _ => Phrase.Of($"None of the {tests.Count} tests has '{filter}' in its name, nor in that of a rule it looks at. Near it: {string.Join(", ", near)}."),
        });
    }

    // The whole name, or one of its words.
    private static bool IsNear(string filter, string name) => NearestName.Find(filter, name.Split(' ', '-', '_', ',').Append(name)) is not null;

    private static IEnumerable<string> NamesOf(RuleTest test) => test.Expectations.Select(expectation => expectation.Rule).Prepend(test.Name);
}
