using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.Rows;

/// <summary>
/// The language, row by row: each promise has an example that is run, and that comes out otherwise as soon as what the promise is about
/// is taken away from it. An engine that lost a row is found by it.
/// </summary>
public sealed partial class LanguageRowsTests
{
    // No text is known that comes to it: what NCalc would refuse, the reader in front of it has refused before.
    private const string Unreachable = "MKA1237";

    // Tests of how findings are written have some of their own.
    private static readonly string[] MadeUp = ["MKA9998", "MKA9999"];

    public static TheoryData<string> Files => [.. RequiredRows.ByFile.Keys];

    public static TheoryData<string, int, string> Rows()
    {
        var rows = new TheoryData<string, int, string>();
        foreach (var row in RequiredRows.ByFile.Keys.SelectMany(Row.Read))
        {
            rows.Add(row.File, row.Line, $"{row.Key} · {row.Promise}");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_promise_is_kept_and_its_example_notices_when_it_is_broken(string file, int line, string promise)
    {
        var row = Row.Read(file).Single(one => one.Line == line);
        var example = new Example(row.Text);

        var kept = await ExampleRun.OfAsync(row.Text, TestContext.Current.CancellationToken);

        Assert.True(kept.Differences is [], $"{file}:{line} {promise}\n{string.Join('\n', kept.Differences)}");
        Assert.True(example.Sees.Count > 0 ? row.Breaks is [] : row.Breaks.Count > 0, $"{row.Place}: an example says how it is broken; what another test shows has none");
        foreach (var change in row.Breaks)
        {
            await CheckBrokenAsync(row, example, change);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_word_of_the_language_has_a_row_and_every_row_a_word(string file)
    {
        var rows = Row.Read(file);
        var required = RequiredRows.ByFile[file];

        Assert.Equal([], required.Except(rows.Select(row => row.Key)));
        Assert.Equal([], rows.Select(row => row.Key).Except(required).Distinct());
        Assert.Distinct(rows.Select(row => (row.Key, row.Promise)));
    }

    /// <summary>Beside the rows, golden files, cases and the page of diagnostics show findings; tests look for those that none can show.</summary>
    [Fact]
    public void Every_finding_is_looked_for_and_every_code_that_is_looked_for_exists()
    {
        var texts = Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "tests"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".txt" or ".cases" or ".rows" or ".corpus" && !Listing().IsMatch(file))
            .Select(File.ReadAllText).ToArray();
        var named = texts.SelectMany(text => Code().Matches(text)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var shown = DiagnosticPageTests.Shown().Select(row => row.Data).ToHashSet(StringComparer.Ordinal);

        bool IsLookedFor((string Name, DiagnosticDescriptor Row) field) =>
            named.Contains(field.Row.Code) || shown.Contains(field.Row.Code) || texts.Any(text => text.Contains(field.Name, StringComparison.Ordinal));

        Assert.Equal([Unreachable], Codes.Fields.Where(field => !IsLookedFor(field)).Select(field => field.Row.Code));
        Assert.Equal(MadeUp, named.Except(Codes.All.Select(row => row.Code)).Order());
    }

    // A break must load, or it would prove nothing but that; where a finding is promised, it must be gone and nothing else found.
    private static async Task CheckBrokenAsync(Row row, Example example, (string Old, string New) change)
    {
        var text = row.With(change);
        Assert.True(new Example(text).Expected == example.Expected, $"{row.Place}: '{change.Old}' must not change what is expected");

        var broken = await ExampleRun.OfAsync(text, TestContext.Current.CancellationToken);

        var told = $"{row.Place}\nwith '{change.Old}' ⟶ '{change.New}'";
        Assert.True(broken.Loads, $"{told} does not load:\n{DiagnosticText.Render(broken.Findings)}");
        Assert.True(example.Finds.Count == 0 || broken.Findings is [], $"{told} is still found:\n{DiagnosticText.Render(broken.Findings)}");
        Assert.True(broken.Differences.Any(IsOfTheRow), $"{told} comes out as if nothing were missing");
    }

    // That the example lacks an answer to a look-up is no sign of anything.
    private static bool IsOfTheRow(string difference) => !difference.StartsWith("the rule reads what only", StringComparison.Ordinal);

    [GeneratedRegex("MKA[0-9]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    // What is built, and the tests that list the codes which they leave out.
    [GeneratedRegex(@"[/\\](bin|obj)[/\\]|(DiagnosticPage|Golden|LanguageRows)Tests\.cs$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Listing();
}
