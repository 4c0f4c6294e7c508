using System.Text.RegularExpressions;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>
/// <c>docs/diagnostics.md</c>: a section for every code, and what it shows as wrong gives just that code. <c>docs/ja/diagnostics.md</c> has
/// the same sections with the same examples. Run with <c>MKA_DOCS=write</c> to rewrite the sentences below the headings.
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
    public void Every_section_begins_with_the_sentence_of_its_code() => AssertSentences("docs/diagnostics.md", Codes.Line);

    [Fact]
    public void Every_section_in_Japanese_begins_with_the_Japanese_sentence() => AssertSentences("docs/ja/diagnostics.md", Codes.JapaneseLine);

    [Fact]
    public void The_Japanese_page_has_the_same_sections_with_the_same_examples()
    {
        var (english, japanese) = (Page().Sections().ToArray(), JapanesePage().Sections().ToArray());

        Assert.Equal(english.Select(section => section.Code), japanese.Select(section => section.Code));
        Assert.All(english.Zip(japanese), pair => Assert.Equal(Examples(pair.First.Text, "Wrong", "Right"), Examples(pair.Second.Text, "間違い", "正しい例")));
    }

    [Fact]
    public void Every_paragraph_of_a_section_stands_on_the_Japanese_page_too() =>
        Assert.All(Page().Sections().Zip(JapanesePage().Sections()), pair =>
        {
            Assert.Equal(Prose(pair.First.Text).Count(), Prose(pair.Second.Text).Count());
            Assert.All(Prose(pair.Second.Text), text => Assert.True(text.EndsWith('。') && text.Any(character => character is >= 'ぁ' and <= 'ん'), text));
        });

    [Fact]
    public void The_program_has_the_help_for_every_code_in_both_languages() => Assert.All(Codes.All, row =>
    {
        Assert.Contains(Prose(Page().Sections().Single(section => section.Code == row.Code).Text).Append("").First().Split('[')[0], DiagnosticHelp.Markdown(row.Code, Translation.English), StringComparison.Ordinal);
        Assert.All((string[])["](", "```yaml ", "###"], mark => Assert.DoesNotContain(mark, DiagnosticHelp.Markdown(row.Code, Translation.Japanese), StringComparison.Ordinal));
        Assert.DoesNotContain('`', DiagnosticHelp.Text(row.Code, Translation.Japanese));
        Assert.NotEqual(DiagnosticHelp.Text(row.Code, Translation.English), DiagnosticHelp.Text(row.Code, Translation.Japanese));
    });

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

    private static Document JapanesePage() => Document.Read("docs/ja/diagnostics.md");

    private static void AssertSentences(string path, Func<DiagnosticDescriptor, string> lineOf)
    {
        var page = Document.Read(path);
        var text = page.Text;
        foreach (var row in Codes.All)
        {
            text = Regex.Replace(text, $@"(?<=^### {row.Code}\n\n)[^\n]*$", lineOf(row).Replace("$", "$$", StringComparison.Ordinal), RegexOptions.Multiline, TimeSpan.FromMinutes(1));
        }

        if (Environment.GetEnvironmentVariable("MKA_DOCS") == "write" && text != page.Text)
        {
            page.Write(text);
        }

        Assert.Equal(text, Document.Read(path).Text);
        Assert.All(Codes.All, row => Assert.Contains($"### {row.Code}\n\n{lineOf(row)}\n", text, StringComparison.Ordinal));
    }

    // Blocks and example lines, in their order.
    private static IEnumerable<string> Examples(string section, string wrong, string right) => Example.Matches(section)
        .Select(match => match.Value.Replace($"- {wrong}: ", "- Wrong: ", StringComparison.Ordinal).Replace($"- {right}: ", "- Right: ", StringComparison.Ordinal));

    // The paragraphs below the sentence.
    private static IEnumerable<string> Prose(string section) =>
        Example.Replace(section, "").Split("\n\n").Select(text => text.Trim()).Where(text => text.Length > 0).Skip(1);

    // `- Wrong: ` and `- Right: ` show a condition.
    private static IEnumerable<string> Lines(string section, string word) => Shows.Matches(section)
        .Where(match => match.Groups["word"].Value == word)
        .Select(match => $"lists:\n  friends: [ai, mei]\nrules:\n  - name: example\n    on: mention\n    when: |-\n      {match.Groups["code"].Value}\n    do:\n      - log: hello\n");

    [GeneratedRegex("^```.*?^```$|^- [^\n:]+: `[^\n]*`$", RegexOptions.Multiline | RegexOptions.Singleline, 60_000)]
    private static partial Regex Example { get; }

    [GeneratedRegex("^- (?<word>Wrong|Right): (`` (?<code>[^\n]*) ``|`(?<code>[^`\n]*)`)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Shows { get; }
}
