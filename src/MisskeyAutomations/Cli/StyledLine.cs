using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Lines for people in which others' words stand: written as text, never as markup, and escaped.</summary>
internal static class StyledLine
{
    /// <summary>Writes a line of parts, each at most so many UTF-16 units long.</summary>
    public static void Write(int longest, ReadOnlySpan<(string Text, Style Style)> parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
        {
            line.Append(Misskey.Words.Escape(text, longest), style);
        }

        AnsiConsole.Write(line);
        AnsiConsole.WriteLine();
    }
}
