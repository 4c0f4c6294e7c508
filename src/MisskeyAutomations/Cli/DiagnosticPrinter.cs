using MisskeyAutomations.Engine.Diagnostics;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Prints diagnostics, in colour where the terminal has it.</summary>
internal static class DiagnosticPrinter
{
    /// <param name="diagnostics">What was found.</param>
    /// <param name="files">In how many files.</param>
    /// <param name="language">How they are told; null for the language of the environment.</param>
    public static void Print(IReadOnlyList<Diagnostic> diagnostics, int files, Translation? language = null)
    {
        language ??= Languages.OfEnvironment;
        foreach (var diagnostic in diagnostics)
        {
            foreach (var (part, text) in DiagnosticText.Parts(diagnostic, language))
            {
                // Written as text, never as markup: rule files are full of brackets.
                AnsiConsole.Write(new Text(text, StyleOf(part)) { Overflow = Overflow.Ellipsis });
            }

            AnsiConsole.WriteLine();
        }

        if (diagnostics.Count > 0)
        {
            AnsiConsole.WriteLine(DiagnosticText.Summary(diagnostics, files).In(language));
        }
    }

    private static Style StyleOf(DiagnosticPart part) => part switch
    {
        DiagnosticPart.Place or DiagnosticPart.Message => new Style(decoration: Decoration.Bold),
        DiagnosticPart.Error or DiagnosticPart.Caret => new Style(Color.Red),
        DiagnosticPart.Warning => new Style(Color.Yellow),
        DiagnosticPart.Gutter or DiagnosticPart.Note => new Style(Color.Grey),
        DiagnosticPart.Hint => new Style(Color.Green),
        _ => Style.Plain,
    };
}
