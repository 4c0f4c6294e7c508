using System.Globalization;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Spaces and invisible characters that come along when a rule is copied from a web page or a word processor.</summary>
internal static class OddSpace
{
    /// <summary>All of them.</summary>
    public const string Characters =
        "\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u202f\u205f\u2060";

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
