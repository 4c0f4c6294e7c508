using System.Text.RegularExpressions;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Finds what a language has no text for.</summary>
public static partial class Untranslated
{
    /// <summary>The formats that a finding is told by and that are missing from a language, each once.</summary>
    public static IEnumerable<string> Of(Diagnostic diagnostic, Translation translation) => Missing(Formats(diagnostic), translation);

    /// <summary>The formats of a phrase that are missing from a language, each once.</summary>
    public static IEnumerable<string> Of(Phrase phrase, Translation translation) => Missing(Formats(phrase), translation);

    /// <summary>The holes of a format in order, such as <c>{0}</c> and <c>{1:N0}</c>; doubled braces are none.</summary>
    public static IEnumerable<string> Holes(string format) =>
        Hole.Matches(format.Replace("{{", "", StringComparison.Ordinal)).Select(match => match.Value).Order(StringComparer.Ordinal);

    /// <summary>Whether a format says something besides what fills its holes.</summary>
    public static bool HasWords(string format) => Hole.Replace(format.Replace("{{", "", StringComparison.Ordinal), "").Any(char.IsLetter);

    private static IEnumerable<string> Missing(IEnumerable<string> formats, Translation translation) =>
        formats.Where(format => HasWords(format) && !translation.Texts.ContainsKey(format)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Formats(Diagnostic diagnostic) =>
        [diagnostic.Descriptor.Message, .. Formats(diagnostic.Arguments), .. Formats(diagnostic.Hint), .. Formats(diagnostic.Note)];

    private static IEnumerable<string> Formats(Phrase? phrase) => phrase is null ? [] : Formats(phrase.Arguments).Prepend(phrase.Format);

    private static IEnumerable<string> Formats(IEnumerable<object> arguments) => arguments.OfType<Phrase>().SelectMany(Formats);

    [GeneratedRegex(@"\{[0-9]+(:[^}]*)?\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Hole { get; }
}
