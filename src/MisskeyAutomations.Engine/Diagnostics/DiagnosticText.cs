using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>What a piece of a rendered diagnostic is, for whoever wants to colour it.</summary>
public enum DiagnosticPart
{
    /// <summary>File, line and column.</summary>
    Place,

    /// <summary>The word <c>error</c> and the code.</summary>
    Error,

    /// <summary>The word <c>warning</c> and the code.</summary>
    Warning,

    /// <summary>The sentence.</summary>
    Message,

    /// <summary>Line number and rule at the left.</summary>
    Gutter,

    /// <summary>The line of the file.</summary>
    Source,

    /// <summary>The run of carets.</summary>
    Caret,

    /// <summary>What to write instead.</summary>
    Hint,

    /// <summary>Background below.</summary>
    Note,

    /// <summary>Spaces and line ends.</summary>
    Blank,
}

/// <summary>
/// Renders diagnostics as text. Columns count UTF-16 code units from 1, as editors do; carets are aligned by display width. Control and
/// direction characters of the file are shown as U+FFFD: a rule file must not be able to repaint the terminal.
/// </summary>
public static class DiagnosticText
{
    private const int MaxWidth = 120;
    private const int TabWidth = 4;

    private static readonly Phrase ErrorWord = "error";
    private static readonly Phrase WarningWord = "warning";

    /// <summary>All of them, in the order given, with a blank line between two.</summary>
    public static string Render(IEnumerable<Diagnostic> diagnostics, Translation? translation = null) =>
        string.Join('\n', diagnostics.Select(diagnostic => Render(diagnostic, translation)));

    /// <summary>One of them; ends with a line break.</summary>
    public static string Render(Diagnostic diagnostic, Translation? translation = null) =>
        string.Concat(Parts(diagnostic, translation).Select(part => part.Text));

    /// <summary>One of them as pieces that follow each other without gaps.</summary>
    public static IEnumerable<(DiagnosticPart Part, string Text)> Parts(Diagnostic diagnostic, Translation? translation = null)
    {
        var language = translation ?? Translation.English;
        var (line, column) = diagnostic.Source.GetPosition(diagnostic.Span.Start);
        var number = line.ToString(CultureInfo.InvariantCulture);
        var margin = new string(' ', number.Length + 1);
        yield return (DiagnosticPart.Place, string.Create(CultureInfo.InvariantCulture, $"{Harmless(diagnostic.Source.Path)}:{line}:{column}:"));
        yield return diagnostic.Severity == Severity.Error
            ? (DiagnosticPart.Error, $" {ErrorWord.In(language)} {diagnostic.Code}:")
            : (DiagnosticPart.Warning, $" {WarningWord.In(language)} {diagnostic.Code}:");
        yield return (DiagnosticPart.Message, " " + Harmless(diagnostic.MessageIn(language)) + "\n");
        var (source, before, run) = Window(diagnostic.Source, diagnostic.Source.GetOffset(line, 1), diagnostic.Span);
        yield return (DiagnosticPart.Gutter, $"{margin}|\n{number} |");
        yield return (DiagnosticPart.Source, (source.Length > 0 ? " " + source : "") + "\n");
        yield return (DiagnosticPart.Gutter, $"{margin}| ");
        yield return (DiagnosticPart.Blank, new string(' ', before));
        yield return (DiagnosticPart.Caret, new string('^', run));
        if (diagnostic.Hint is { } hint)
        {
            yield return (DiagnosticPart.Hint, " " + Harmless(hint.In(language)));
        }

        yield return (DiagnosticPart.Blank, "\n");
        if (diagnostic.Note is { } note)
        {
            yield return (DiagnosticPart.Note, $"{margin}= {Harmless(note.In(language))}\n");
        }
    }

    /// <summary>How many there are, such as <c>2 errors, 1 warning in 3 files</c>.</summary>
    /// <param name="diagnostics">The findings.</param>
    /// <param name="files">How many files were read.</param>
    public static Phrase Summary(IReadOnlyCollection<Diagnostic> diagnostics, int files)
    {
        var errors = diagnostics.Count(diagnostic => diagnostic.Severity == Severity.Error);
        var warnings = diagnostics.Count - errors;
        return (errors, warnings) switch
        {
            (0, 0) => Phrase.Of($"no findings in {Counts.Files(files)}"),
            (_, 0) => Phrase.Of($"{Counts.Errors(errors)} in {Counts.Files(files)}"),
            (0, _) => Phrase.Of($"{Counts.Warnings(warnings)} in {Counts.Files(files)}"),
            _ => Phrase.Of($"{Counts.Errors(errors)}, {Counts.Warnings(warnings)} in {Counts.Files(files)}"),
        };
    }

    // The part of a line that is shown, the columns before the carets, and their number. Looks no further than it shows: a file of
    // one long line may have a finding in each of its words.
    private static (string Shown, int Before, int Run) Window(SourceText source, int lineStart, TextSpan span)
    {
        var text = source.Text;
        var start = Math.Clamp(span.Start, lineStart, text.Length);
        var reach = text.AsSpan(start, Math.Min(text.Length - start, 2 * MaxWidth));
        var lineEnd = reach.IndexOf('\n');
        var lineRest = start + (lineEnd < 0 ? reach.Length : reach[..lineEnd].TrimEnd('\r').Length);
        var end = Math.Clamp(span.End, start, lineRest);

        // Before the place at most 70 columns are shown, so that the hint still stands near it.
        var from = start - lineStart <= 70 && DisplayWidth.Of(Harmless(text[lineStart..start])) <= 70 ? lineStart : Cut(text, lineStart, start);
        var lead = (from > lineStart ? "…" : "") + Harmless(text[from..start]);
        var marked = Harmless(text[start..end]);
        var shown = Fit(lead + marked + Harmless(text[end..lineRest]), isCut: lineEnd < 0 && lineRest < text.Length);
        var before = DisplayWidth.Of(lead);
        return (shown.TrimEnd(), before, Math.Clamp(DisplayWidth.Of(marked), 1, Math.Max(1, MaxWidth - before)));
    }

    // A place at most 60 columns back that splits no character.
    private static int Cut(string text, int lineStart, int end)
    {
        var from = Math.Max(lineStart, end - 60);
        while (from < end && (char.IsLowSurrogate(text[from]) || DisplayWidth.Of(Harmless(text[from..end])) > 60))
        {
            from++;
        }

        return from;
    }

    private static string Fit(string text, bool isCut) =>
        DisplayWidth.Of(text) > MaxWidth ? DisplayWidth.Cut(text, MaxWidth) : isCut ? text + "…" : text;

    private static string Harmless(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var harmless = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                harmless.Append(' ', TabWidth);
            }
            else if (Rune.IsControl(rune) || rune.Value is 0x200E or 0x200F or 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF)
            {
                harmless.Append('\uFFFD');
            }
            else
            {
                harmless.Append(rune.ToString());
            }
        }

        return harmless.ToString();
    }
}
