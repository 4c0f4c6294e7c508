using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>
/// <c>docs/diagnostics.md</c>: a section for every code, and what it shows as wrong gives just that code. Run with
/// <c>MKA_DOCS=write</c> to rewrite the sentences below the headings.
/// </summary>
[Collection(nameof(Document))]
public sealed partial class DiagnosticPageTests
{
    /// <summary>Those that need a text too long to be shown, a file that is not there, several accounts, or a character that cannot be seen.</summary>
    private static readonly string[] NotShown =
        ["MKA1001", "MKA1002", "MKA1003", "MKA1004", "MKA1005", "MKA1007", "MKA1030", "MKA1155", "MKA1211", "MKA1212", "MKA1213", "MKA1219", "MKA1237", "MKA1433"];

    [Fact]
    public void Every_code_has_a_section_and_every_section_a_code() =>
        Assert.Equal(Codes.All.Select(row => row.Code), Page().Sections().Select(section => section.Code));

    [Fact]
    public void Every_section_begins_with_the_sentence_of_its_code()
    {
        var page = Page();
        var text = page.Text;
        foreach (var row in Codes.All)
        {
            text = Regex.Replace(text, $@"(?<=^### {row.Code}\n\n)(Error|Warning): [^\n]*$", Codes.Line(row).Replace("$", "$$", StringComparison.Ordinal), RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        }

        if (Environment.GetEnvironmentVariable("MKA_DOCS") == "write" && text != page.Text)
        {
            page.Write(text);
        }

        Assert.Equal(text, Page().Text);
        Assert.All(Codes.All, row => Assert.Contains($"### {row.Code}\n\n{Codes.Line(row)}\n", text, StringComparison.Ordinal));
    }

    public static TheoryData<string> Shown() => [.. Codes.All.Select(row => row.Code).Except(NotShown)];

    [Theory]
    [MemberData(nameof(Shown))]
    public void What_a_section_shows_as_wrong_is_found_and_what_it_shows_as_right_is_not(string code)
    {
        var section = Page().Sections().Single(section => section.Code == code).Text;
        var blocks = new Document($"docs/diagnostics.md#{code}", section).Blocks().ToArray();
        string[] wrong = [.. blocks.Where(block => block.IsWrong).Select(block => block.Whole), .. Lines(section, "Wrong")];

        Assert.NotEmpty(wrong);
        Assert.All(wrong, text => Assert.Contains(code, RuleFileReading.Findings(code, text).Select(finding => finding.Code)));
        Assert.All(Lines(section, "Right"), text => Assert.True(RuleFileReading.Findings(code, text) is [], DiagnosticText.Render(RuleFileReading.Findings(code, text))));
    }

    [Fact]
    public void Every_section_says_something_beyond_its_sentence() =>
        Assert.All(Page().Sections(), section => Assert.True(section.Text.Trim().Contains('\n'), section.Code));

    private static Document Page() => Document.Read("docs/diagnostics.md");

    // `- Wrong: ` and `- Right: ` show a condition.
    private static IEnumerable<string> Lines(string section, string word) => Shows.Matches(section)
        .Where(match => match.Groups["word"].Value == word)
        .Select(match => $"lists:\n  friends: [ai, mei]\nrules:\n  - name: example\n    on: mention\n    when: |-\n      {match.Groups["code"].Value}\n    do:\n      - log: hello\n");

    [GeneratedRegex("^- (?<word>Wrong|Right): (`` (?<code>[^\n]*) ``|`(?<code>[^`\n]*)`)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Shows { get; }
}
