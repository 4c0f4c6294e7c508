using System.Globalization;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Spaces and invisible characters that come along when a rule is copied from a web page or a word processor.</summary>
internal static class OddSpace
{
    /// <summary>All of them, as they stand in the class of a regular expression.</summary>
    public const string Class = "\\u00A0\\u00AD\\u2000-\\u200F\\u202F\\u205F\\u2060";

    /// <summary>What it is called, with its code point; null for every other character.</summary>
    public static Phrase? NameOf(char character) => character switch
    {
        '\u00A0' => Phrase.Of($"no-break space ({CodeOf(character)})"),
        '\u202F' => Phrase.Of($"narrow no-break space ({CodeOf(character)})"),
        >= '\u2000' and <= '\u200A' or '\u205F' => Phrase.Of($"thin or wide space ({CodeOf(character)})"),
        '\u200B' => Phrase.Of($"zero-width space ({CodeOf(character)})"),
        '\u00AD' or >= '\u200C' and <= '\u200F' or '\u2060' => Phrase.Of($"invisible character ({CodeOf(character)})"),
        _ => null,
    };

    /// <summary>What to do about it.</summary>
    public static Phrase? HintFor(char character) => NameOf(character) is not { } name ? null
        : IsSeen(character) ? Phrase.Of($"write an ordinary space, or none, for the {name}") : Phrase.Of($"remove the {name}, which nobody sees");

    /// <summary>What to do about the first one in a text; null when there is none.</summary>
    public static Phrase? HintFor(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (HintFor(character) is { } hint)
            {
                return hint;
            }
        }

        return null;
    }

    private static bool IsSeen(char character) => character is '\u00A0' or '\u202F' or '\u205F' or >= '\u2000' and <= '\u200A';

    private static string CodeOf(char character) => $"U+{((int)character).ToString("X4", CultureInfo.InvariantCulture)}";
}
