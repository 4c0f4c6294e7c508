using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>What a line about a failed test is, for whoever wants to colour it.</summary>
public enum FailurePart
{
    /// <summary>Its place, what was expected and what was.</summary>
    Sentence,

    /// <summary>The expected text, or an expected step that was not taken.</summary>
    Expected,

    /// <summary>The actual text, or a step that was not expected.</summary>
    Actual,

    /// <summary>A mark under the first differing character.</summary>
    Caret,

    /// <summary>Background: steps that are as they should be, and what happened.</summary>
    Quiet,
}

/// <summary>
/// Tells why a test failed, rule by rule: the place of each expectation that failed, the texts with a mark where they part (aligned by
/// display width), expected and taken steps beside each other, and what happened to the rule. No line has control characters.
/// </summary>
public static class FailureText
{
    private const int MostTrace = 40;
    private const int ColumnWidth = 48;
    private const int LineWidth = 400;

    /// <summary>Its lines, without line ends.</summary>
    public static IEnumerable<(FailurePart Part, string Line)> Lines(RuleTestResult result, Translation? translation = null)
    {
        var language = translation ?? Translation.English;
        return result.Failures.GroupBy(failure => failure.Rule, StringComparer.Ordinal).SelectMany(its =>
            its.SelectMany(failure => OfFailure(result.Test, failure, language))
                .Concat(OfSteps(its.Key, result.Steps.GetValueOrDefault(its.Key) ?? [], language))
                .Concat(OfTrace(its.Key, result, language)));
    }

    private static IEnumerable<(FailurePart, string)> OfFailure(RuleTest test, RuleTestFailure failure, Translation language)
    {
        var (line, _) = test.Source.GetPosition(failure.Span.Start);
        yield return (FailurePart.Sentence, string.Create(CultureInfo.InvariantCulture,
            $"{ShownText.OneLine(test.Source.Path)}:{line}: {ShownText.Fit(failure.Sentence.In(language), LineWidth)}"));
        if (failure.Texts is not { } texts)
        {
            yield break;
        }

        var (expected, actual) = (Phrase.Of("expected:").In(language), Phrase.Of("but was:").In(language));
        var margin = Math.Max(DisplayWidth.Of(expected), DisplayWidth.Of(actual)) + 1;
        if (texts.Line > 1)
        {
            yield return (FailurePart.Quiet, $"  {Phrase.Of($"in line {texts.Line} of the text:").In(language)}");
        }

        yield return (FailurePart.Expected, $"  {Pad(expected, margin)}{texts.Expected}");
        yield return (FailurePart.Actual, $"  {Pad(actual, margin)}{texts.Actual}");
        yield return (FailurePart.Caret, $"  {new string(' ', margin + texts.Columns)}^");
    }

    // One step says all in its sentence; of several, one wants to see which.
    private static IEnumerable<(FailurePart, string)> OfSteps(string rule, IReadOnlyList<AlignedStep> steps, Translation language)
    {
        if (steps.Count < 2)
        {
            yield break;
        }

        var left = Phrase.Of($"steps of {rule}, as expected").In(language);
        var width = steps.Select(step => step.Expected ?? "").Select(text => DisplayWidth.Of(ShownText.Fit(text, ColumnWidth))).Append(DisplayWidth.Of(left) - 2).Max();
        yield return (FailurePart.Quiet, $"{Pad(left, width + 2)}  {Phrase.Of("as taken").In(language)}");
        foreach (var step in steps)
        {
            var (part, mark) = step switch
            {
                { IsSame: true } => (FailurePart.Quiet, ' '),
                { Taken: null } => (FailurePart.Expected, '-'),
                { Expected: null } => (FailurePart.Actual, '+'),
                _ => (FailurePart.Actual, '!'),
            };
            var (expected, taken) = (ShownText.Fit(step.Expected ?? "", ColumnWidth), ShownText.Fit(step.Taken ?? "", ColumnWidth));
            yield return (part, $"{mark} {Pad(expected, width)}  {taken}".TrimEnd());
        }
    }

    private static IEnumerable<(FailurePart, string)> OfTrace(string rule, RuleTestResult result, Translation language)
    {
        var lines = result.Trace.Where(line => line.Rule is null || line.Rule == rule).ToList();
        yield return (FailurePart.Quiet, Phrase.Of($"what happened to {rule}:").In(language));
        foreach (var line in lines.Take(MostTrace))
        {
            yield return (FailurePart.Quiet, $"  {ShownText.Fit(line.Line.In(language), LineWidth)}");
        }

        if (lines.Count > MostTrace)
        {
            yield return (FailurePart.Quiet, $"  {Phrase.Of($"… and {lines.Count - MostTrace} more lines").In(language)}");
        }
    }

    private static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - DisplayWidth.Of(text)));
}
