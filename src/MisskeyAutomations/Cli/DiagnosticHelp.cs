using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>What the page about diagnostics says of a code: why it is told, with examples, and how to mend it.</summary>
internal static partial class DiagnosticHelp
{
    private static readonly Lazy<FrozenDictionary<string, string>> English = new(() => Read("en"));
    private static readonly Lazy<FrozenDictionary<string, string>> Japanese = new(() => Read("ja"));

    /// <summary>As Markdown, without links: it is shown where the other pages are not.</summary>
    public static string Markdown(string code, Translation language) =>
        (language == Translation.Japanese ? Japanese : English).Value[code];

    /// <summary>As plain text.</summary>
    public static string Text(string code, Translation language) => Mark.Replace(Markdown(code, language), "").Trim();

    private static FrozenDictionary<string, string> Read(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"MisskeyAutomations.diagnostics.{language}.md")
            ?? throw new InvalidOperationException($"The page about diagnostics in '{language}' is not part of the program.");
        using var reader = new StreamReader(stream);
        return Section.Matches(reader.ReadToEnd().ReplaceLineEndings("\n"))
            .ToFrozenDictionary(match => match.Groups["code"].Value, match => Link.Replace(Fence.Replace(match.Groups["text"].Value, "```yaml"), "${label}").Trim(), StringComparer.Ordinal);
    }

    // The sentence below the heading is the finding's own.
    [GeneratedRegex(@"^### (?<code>MKA\d{4})\n\n[^\n]*\n(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Section { get; }

    // Behind the language stands what part of a rule file it is, which only the tests of the page know.
    [GeneratedRegex("^```yaml [a-z ]+$", RegexOptions.Multiline, 1_000)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"\[(?<label>[^\]\n]*)\]\([^)\s]*\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link { get; }

    [GeneratedRegex("^```[a-z]*\n|`", RegexOptions.Multiline, 1_000)]
    private static partial Regex Mark { get; }
}
