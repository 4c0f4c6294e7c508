using System.Buffers;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>Finds full-width characters that an input method left where YAML needs its own: in front of a key, or as its colon or dash.</summary>
internal static partial class FullWidthMark
{
    /// <summary>What to look for before looking closely.</summary>
    public static readonly SearchValues<char> Characters = SearchValues.Create("：\u3000\u00a0－–—ー");

    // Structure stands at a line's beginning; text behind it is nobody's business.
    private const int MaxLength = 200;

    /// <summary>The first one on the lines from <paramref name="from"/> to <paramref name="to"/>; null when there is none.</summary>
    public static Diagnostic? FindNear(SourceText source, int from, int to)
    {
        var last = source.GetPosition(Math.Min(to, source.Text.Length)).Line;
        for (var line = source.GetPosition(Math.Min(from, source.Text.Length)).Line; line <= last; line++)
        {
            if (FindInLine(source, line) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The first one in the structure of a line; null when there is none.</summary>
    public static Diagnostic? FindInLine(SourceText source, int line)
    {
        var lineStart = source.GetOffset(line, 1);
        var text = source.Text.AsSpan(lineStart, Math.Min(MaxLength, source.Text.Length - lineStart));
        var end = text.IndexOfAny('\r', '\n');
        var match = Structure().Match(new string(end < 0 ? text : text[..end]));
        if (!match.Success)
        {
            return null;
        }

        (Group group, object name, Phrase ascii) = match.Groups["space"].Success ? (match.Groups["space"], (object)Phrase.Of("space"), Phrase.Of("a space"))
            : match.Groups["dash"].Success ? (match.Groups["dash"], "'－'", Phrase.Of("'-' and a space"))
            : (match.Groups["colon"], "'：'", Phrase.Of("':' and a space"));
        var start = lineStart + group.Index;
        return YamlDiagnostics.FullWidth.At(source, new(start, start + group.Length), name) with { Hint = $"write {ascii}" };
    }

    private const string Known =
        "(rules|tests|lists|defaults|name|description|account|enabled|on|include|when|limit|after|late|do|else|if|then|wait|as|all|any|none"
        + "|to|visibility|cw|reply|note|quote|renote|react|follow|unfollow|dm|api|with|log)";

    // Only around words that rules know: '日時：明日' and an indented paragraph are text.
    [GeneratedRegex(
        @"^[ ]*(-[ ]+)*((?<space>[\u3000\u00A0]+)[ \u3000\u00A0]*([-－][ \u3000]*)?" + Known + @"[:：]|(?<dash>[－–—ー])[ \u3000]*" + Known + "[:：]|" + Known + ":(?<space>[\u3000\u00A0]+)|" + Known + "(?<colon>：))",
        RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Structure();
}
