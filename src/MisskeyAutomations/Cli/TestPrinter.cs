using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.RuleTests;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Prints what tests gave, in colour where the terminal has it, each line whole.</summary>
internal static class TestPrinter
{
    private const int LongestName = 300;

    private static readonly Style Plain = Style.Plain;
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>Findings, tests, and the counts.</summary>
    public static void Print(TestRound round, Translation language)
    {
        DiagnosticPrinter.Print(round.Findings, round.Files, language);
        if (!round.HasRules)
        {
            return;
        }

        foreach (var (result, _) in round.Results)
        {
            Print(result, language);
        }

        AnsiConsole.WriteLine(CountsOf(round).In(language));
    }

    private static void Print(RuleTestResult result, Translation language)
    {
        var (line, _) = result.Test.Source.GetPosition(result.Test.Span.Start);
        if (result.Passed)
        {
            StyledLine.Write(LongestName, [("✓ ", Good), (result.Test.Name, Plain)]);
            return;
        }

        StyledLine.Write(LongestName, [("✗ ", Bad), (result.Test.Name, Plain), ($"  ({result.Test.Source.Path}:{line})", Plain)]);
        foreach (var (part, text) in FailureText.Lines(result, language))
        {
            // Control characters are out of it already, and joiners of emoji are to stay.
            AnsiConsole.Write(new Text($"    {text}\n", StyleOf(part)));
        }
    }

    private static Phrase CountsOf(TestRound round)
    {
        var seconds = round.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return round.LeftOut > 0
            ? Phrase.Of($"{round.Results.Count - round.Failed} passed, {round.Failed} failed, {round.LeftOut} left out, {seconds} s")
            : Phrase.Of($"{round.Results.Count - round.Failed} passed, {round.Failed} failed, {seconds} s");
    }

    private static Style StyleOf(FailurePart part) => part switch
    {
        FailurePart.Sentence or FailurePart.Actual or FailurePart.Caret => Bad,
        FailurePart.Expected => Good,
        _ => Quiet,
    };
}
