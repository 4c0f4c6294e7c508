using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Docs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Translations;

/// <summary>
/// What people read in Japanese is Japanese: English words in it are those of the rule language, those that the author wrote, names of
/// Misskey's API, or the few below.
/// </summary>
public sealed partial class JapaneseTests
{
    // Names of things that have no other in Japanese.
    private static readonly string[] Names =
    [
        "Misskey", "YAML", "JSON", "API", "ID", "UTF", "LF", "CRLF", "Unicode", "http", "https", "URL", "webhook", "cron", "Unix", "Asia", "Tokyo", "Europe",
        "Berlin", "UTC",
    ];

    // What the page of the language shows as code.
    private static readonly HashSet<string> Language =
    [
        .. Names, .. Words.Matches(string.Concat(CodeOnPages.Matches(Document.Read("docs/rules.md").Text).Select(match => match.Value))).Select(match => match.Value),
    ];

    private static readonly HashSet<string> OfApi =
        [.. EndpointTable.Names.Select(EndpointTable.Find).SelectMany(endpoint => endpoint!.Parameters).Select(parameter => parameter.Name)];

    public static TheoryData<string> Cases() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "tests/MisskeyAutomations.Engine.Tests/Rules/Golden"), "*.yaml").Select(file => Path.GetRelativePath(SourceFiles.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Findings_of_the_golden_cases_have_no_English_left(string path) => AssertJapanese(
        ("\n" + File.ReadAllText(Path.Combine(SourceFiles.Root, path)).ReplaceLineEndings("\n")).Split("\n# --- ").Skip(1));

    [Fact]
    public void Findings_of_the_pages_have_no_English_left() => AssertJapanese(Document.All.SelectMany(page => page.Blocks()).Where(block => block.IsWrong).Select(block => block.Whole));

    [Fact]
    public void What_is_said_of_calls_has_no_English_left() => AssertJapanese(
    [
        .. EndpointTable.Names.Select(endpoint => Step($"api: {endpoint}")),
        .. EndpointTable.Names.Select(endpoint => Step($"api: {endpoint}\n        with: {{ i: a, replyId: b, unheard: 1, userId: [1], noteId: true, limit: 100000, text: 1, visibility: none }}")),
        .. ((string[])["ftp://a", "example.com", "https://u:p@a/", "https://ａ/", "https://a b/", "https://a/../b", "https://", "https://-a/", "https://a:0/", "https://a\\b", "${user.host}", "https://${user.host}/"])
            .SelectMany(address => (string[])[Step($"http: '{address}'"), Step($"upload: '{address}'")]),
        .. ((string[])["Host: a", "'a b': c", "X-A: a, x-a: b", string.Join(", ", Enumerable.Range(0, 40).Select(number => $"X-{number}: a"))])
            .Select(headers => Step($"http: https://example.com/\n        headers: {{ {headers} }}")),
    ]);

    private static string Step(string text) => $"rules:\n  - name: a\n    on: mention\n    do:\n      - {text}\n";

    private static void AssertJapanese(IEnumerable<string> files)
    {
        var findings = files.SelectMany(text => RuleFileReading.Findings("rules/a.yaml", text)).ToArray();

        var english = findings
            .SelectMany(finding => ((string?[])[finding.MessageIn(Translation.Japanese), finding.Hint?.In(Translation.Japanese), finding.Note?.In(Translation.Japanese)])
                .OfType<string>().SelectMany(text => EnglishIn(text, finding).Select(word => $"{word}: {text}")))
            .Distinct(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(findings);
        Assert.True(english.Length == 0, string.Join('\n', english));
    }

    private static IEnumerable<string> EnglishIn(string text, Diagnostic finding) => Words.Matches(Quoted.Replace(text, " ")).Select(match => match.Value)
        .Where(word => word.Length > 1 && !Language.Contains(word) && !OfApi.Contains(word) && !finding.Source.Text.Contains(word, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("'[^']*'|`[^`]*`|\"[^\"]*\"|\\$\\{[^}]*\\}|https?:[^ ]*|U\\+[0-9A-F]{4}", RegexOptions.None, 1_000)]
    private static partial Regex Quoted { get; }

    [GeneratedRegex("^```.*?^```$|`[^`\\n]*`", RegexOptions.Multiline | RegexOptions.Singleline, 1_000)]
    private static partial Regex CodeOnPages { get; }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*", RegexOptions.None, 1_000)]
    private static partial Regex Words { get; }
}
