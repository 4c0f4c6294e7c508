using System.Text.Json.Serialization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>What the editor shows of a text as it stands.</summary>
/// <param name="Findings">What is wrong with it, at its places.</param>
/// <param name="Rules">What its rules do, in words; none while it has errors.</param>
internal sealed record EditorLook(IReadOnlyList<EditorFinding> Findings, IReadOnlyList<EditorRule> Rules)
{
    /// <summary>Looks at a text that was read among the others.</summary>
    public static EditorLook Of(RuleReading reading, SourceText text, Translation language, DateTimeOffset now) => new(
        [.. reading.Diagnostics.Where(finding => finding.Source.Path == text.Path).Select(finding => EditorFinding.Of(finding, language))],
        [.. (reading.RuleSet?.Rules ?? []).Where(rule => rule.Source.Path == text.Path).Select(rule => EditorRule.Of(rule, reading.RuleSet!, language, now))]);
}

/// <summary>A finding at its place.</summary>
/// <param name="From">The first character that it is about.</param>
/// <param name="To">The one behind the last.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Message">What is wrong, and below it what to do.</param>
internal sealed record EditorFinding(int From, int To, string Severity, string Message)
{
    public static EditorFinding Of(Diagnostic finding, Translation language) => new(
        finding.Span.Start,
        finding.Span.Start + finding.Span.Length,
        finding.Severity == Engine.Diagnostics.Severity.Error ? "error" : "warning",
        string.Concat(DiagnosticText.Parts(finding, language)
            .Where(part => FindingNote.IsSaid(part.Part)).Select(part => part.Text)).Trim());
}

/// <summary>A rule in words.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lines">The lines, with how far each stands in.</param>
internal sealed record EditorRule(string Name, IReadOnlyList<EditorLine> Lines)
{
    public static EditorRule Of(Rule rule, RuleSet rules, Translation language, DateTimeOffset now) => new(
        rule.Name, [.. RuleShelf.Explain(rule, rules, now).Select(line => new EditorLine(line.Depth, line.Text.In(language)))]);
}

/// <summary>A line of a rule in words.</summary>
internal sealed record EditorLine(int Depth, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EditorLook))]
internal sealed partial class EditorLookJson : JsonSerializerContext;
