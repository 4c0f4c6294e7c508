using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>What a test gave.</summary>
/// <param name="Test">The test.</param>
/// <param name="Failures">What was expected and what happened instead; empty when it passed.</param>
/// <param name="Trace">What happened, line by line.</param>
public sealed record RuleTestResult(RuleTest Test, IReadOnlyList<RuleTestFailure> Failures, IReadOnlyList<TraceLine> Trace)
{
    /// <summary>Whether everything was as expected.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>Of each rule whose steps are not as expected, the two lists beside each other.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AlignedStep>> Steps { get; init; } = new Dictionary<string, IReadOnlyList<AlignedStep>>(StringComparer.Ordinal);
}

/// <summary>One thing that a test expects and that did not come to pass.</summary>
/// <param name="Rule">The rule that it is about.</param>
/// <param name="Span">Where the test says so, in its file.</param>
/// <param name="Sentence">What was expected, and what happened instead.</param>
public sealed record RuleTestFailure(string Rule, TextSpan Span, Phrase Sentence)
{
    /// <summary>Where the two texts part; null where no literal text was expected.</summary>
    public TextDifference? Texts { get; init; }

    /// <summary>The sentence in English.</summary>
    public override string ToString() => Sentence.ToString();
}

/// <summary>A line of what happened.</summary>
/// <param name="Rule">The rule that it is about; null for events, which concern all rules.</param>
/// <param name="Line">The time of the virtual clock and what came to pass.</param>
public sealed record TraceLine(string? Rule, Phrase Line)
{
    /// <summary>The line in English.</summary>
    public override string ToString() => Line.ToString();
}

/// <summary>An expected step beside the one that was taken.</summary>
/// <param name="Expected">The expected one, as people write it; null where none was expected.</param>
/// <param name="Taken">The one taken, in the words of its request; null where none was taken.</param>
/// <param name="IsSame">Whether the one is as the other should be.</param>
public sealed record AlignedStep(string? Expected, string? Taken, bool IsSame);
