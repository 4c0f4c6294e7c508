using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>What holds for every page.</summary>
public sealed partial class PageTests
{
    // Files that exist only where the program runs, or in other programs.
    private static readonly string[] NotOurs = ["automations.yaml", "rules/mine.yaml", "hello.yaml"];

    public static TheoryData<string> Pages() => [.. Document.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Relative_links_lead_somewhere(string path)
    {
        var page = Document.Read(path);
        var folder = Path.GetDirectoryName(path)!;

        var broken = Link.Matches(WithoutBlocks(page)).Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("../../", StringComparison.Ordinal))
            .Where(target => !Leads(path, folder, target));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Files_that_a_page_names_exist(string path)
    {
        var text = WithoutBlocks(Document.Read(path));

        var missing = FileName.Matches(text).Select(match => match.Groups["file"].Value)
            .Where(file => !NotOurs.Contains(file) && !Exists(file));

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Pages_speak_of_nothing_outside_of_the_repository(string path) =>
        Assert.DoesNotMatch(Elsewhere, Document.Read(path).Text);

    [Fact]
    public void Decisions_are_short_and_have_their_three_parts() => Assert.All(
        Document.All.Where(page => page.Path.StartsWith("docs/adr/0", StringComparison.Ordinal)),
        page =>
        {
            Assert.InRange(page.Text.TrimEnd('\n').Split('\n').Length, 5, 30);
            Assert.All((string[])["## Context", "## Decision", "## Consequences"], part => Assert.Contains(part, page.Text, StringComparison.Ordinal));
        });

    [Fact]
    public void Settings_on_the_pages_can_be_read()
    {
        var blocks = Document.All.SelectMany(page => page.Blocks()).Where(block => block.Info == "yaml settings").ToArray();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(block.Text));
            Assert.NotEmpty(AccountReader.Read(new ConfigurationBuilder().AddYamlStream(stream).Build()));
        });
    }

    private static bool Leads(string path, string folder, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? path : Path.Combine(folder, parts[0]);
        var whole = Path.Combine(SourceFiles.Root, file);
        return Directory.Exists(whole) || (File.Exists(whole) && (parts.Length == 1 || Anchors(File.ReadAllText(whole)).Contains(parts[1])));
    }

    // As GitHub makes them.
    private static IEnumerable<string> Anchors(string text) => Heading.Matches(text)
        .Select(match => NotInAnchors.Replace(match.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static bool Exists(string file) =>
        File.Exists(Path.Combine(SourceFiles.Root, file)) || SourceFiles.All("src", "tests").Any(known => known.Replace('\\', '/').EndsWith("/" + file, StringComparison.Ordinal));

    private static string WithoutBlocks(Document page) => Fenced.Replace(page.Text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`(?<file>[A-Za-z][\w./-]*\.(cs|yaml|txt|sql|tsv))`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex FileName { get; }

    [GeneratedRegex("^#+ (?<title>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M} _-]", RegexOptions.None, 1_000)]
    private static partial Regex NotInAnchors { get; }

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline, 1_000)]
    private static partial Regex Fenced { get; }

    [GeneratedRegex(@"(?<![\w.])/(home|root|tmp|work|Users)\b|(?<![\w./])shared/|TODO|FIXME", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Elsewhere { get; }
}
