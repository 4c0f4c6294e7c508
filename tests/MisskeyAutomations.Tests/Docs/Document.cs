using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>One page of the documentation, by its path from the repository's root.</summary>
internal sealed partial record Document(string Path, string Text)
{
    private static readonly string[] InTheRoot = ["README.md", "README.ja.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

    public static IReadOnlyList<Document> All { get; } =
    [
        .. InTheRoot.Select(Read),
        .. Directory.EnumerateFiles(System.IO.Path.Combine(SourceFiles.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Read(System.IO.Path.GetRelativePath(SourceFiles.Root, file).Replace('\\', '/'))).OrderBy(page => page.Path, StringComparer.Ordinal),
    ];

    /// <summary>The fenced blocks.</summary>
    public IEnumerable<Block> Blocks()
    {
        string? info = null;
        var (start, text) = (0, new List<string>());
        foreach (var (line, number) in Text.Split('\n').Select((line, i) => (line, i + 1)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                text.Add(line);
            }
            else if (info is null)
            {
                (info, start, text) = (line[3..].Trim(), number, []);
            }
            else
            {
                yield return new(this, start, info, string.Join('\n', text) + "\n");
                info = null;
            }
        }
    }

    /// <summary>What stands under each heading that is a diagnostic's code.</summary>
    public IEnumerable<(string Code, string Text)> Sections() =>
        Section.Matches(Text).Select(match => (match.Groups["code"].Value, match.Groups["text"].Value));

    public static Document Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(SourceFiles.Root, path)).ReplaceLineEndings("\n"));

    public void Write(string text) => File.WriteAllText(System.IO.Path.Combine(SourceFiles.Root, Path), text);

    [GeneratedRegex(@"^### (?<code>MKA\d{4})\n(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Section { get; }
}

/// <summary>A fenced block.</summary>
/// <param name="Page">Where it stands.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Info">What stands behind the fence: <c>yaml</c>, <c>yaml rule</c>, <c>yaml steps</c>, <c>yaml wrong steps</c> …</param>
/// <param name="Text">Its lines.</param>
internal sealed record Block(Document Page, int Line, string Info, string Text)
{
    public bool IsWrong => Info.StartsWith("yaml wrong", StringComparison.Ordinal);

    /// <summary>Whether it is a rule file, or a part of one, as it should be.</summary>
    public bool IsRuleFile => Info is "yaml" or "yaml rule" or "yaml steps" or "yaml tests" or "yaml defaults";

    /// <summary>The rule file that it stands for: fragments get what they leave out.</summary>
    public string Whole => Info.Split(' ')[^1] switch
    {
        "rule" => "rules:\n  - name: example\n" + (Has("on") ? "" : "    on: mention\n") + Indented(4) + (Has("do") ? "" : "    do:\n      - log: hello\n"),
        "steps" => "rules:\n  - name: example\n    on: mention\n    do:\n" + Indented(6),
        "tests" => "rules:\n  - name: ping\n    on: mention\n    when: contains(note.said, 'ping')\n    do:\n      - reply: PONG!\ntests:\n" + Indented(2),
        "defaults" => "defaults:\n" + Indented(2),
        _ => Text,
    };

    public override string ToString() => $"{Page.Path}:{Line}";

    private bool Has(string key) => Text.StartsWith(key + ":", StringComparison.Ordinal) || Text.Contains($"\n{key}:", StringComparison.Ordinal);

    private string Indented(int spaces) => string.Concat(Text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : new string(' ', spaces) + line + "\n"));
}
