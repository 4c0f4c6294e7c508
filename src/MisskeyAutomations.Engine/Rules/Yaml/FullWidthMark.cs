using System.Buffers;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>Finds full-width characters that an input method left where YAML needs its own: in front of a key, or as its colon or dash.</summary>
internal static partial class FullWidthMark
{
    /// <summary>What to look for before looking closely.</summary>
    public static readonly SearchValues<char> Characters = SearchValues.Create("：\u3000－–—ー" + OddSpace.Characters);

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
    public static Diagnostic? FindInLine(SourceText source, int line) => FindAt(source, source.GetOffset(line, 1));

    /// <summary>The one in the structure that begins at <paramref name="start"/>; null when there is none.</summary>
    public static Diagnostic? FindAt(SourceText source, int start)
    {
        var text = source.Text.AsSpan(start, Math.Min(MaxLength, source.Text.Length - start));
        var end = text.IndexOfAny('\r', '\n');
        var match = Structure().Match(new string(end < 0 ? text : text[..end]));
        if (!match.Success)
        {
            return null;
        }

        if (match.Groups["space"] is { Success: true } space && OddSpace.NameOf(space.Value[0]) is { } odd)
        {
            var at = start + space.Index;
            return YamlDiagnostics.OddSpace.At(source, new(at, at + space.Length), odd) with { Hint = OddSpace.HintFor(space.Value[0]) };
        }

        (Group group, object name, Phrase ascii) = match.Groups["space"].Success ? (match.Groups["space"], (object)Phrase.Of("space"), Phrase.Of("a space"))
            : match.Groups["dash"].Success ? (match.Groups["dash"], $"'{match.Groups["dash"].Value}'", Phrase.Of("'-' and a space"))
            : (match.Groups["colon"], "'：'", Phrase.Of("':' and a space"));
        return At(source, start + group.Index, group.Length, name, ascii);
    }

    /// <summary>The colon of <c>x：1</c>, whatever the name is: where no text can stand, or nothing fits otherwise.</summary>
    public static Diagnostic? FindAfterName(SourceText source, TextSpan span) =>
        Name().Match(source.Text.Substring(span.Start, Math.Min(span.Length, MaxLength))) is { Success: true } match
            ? At(source, span.Start + match.Groups["colon"].Index, 1, "'：'", "':' and a space") : null;

    /// <summary>A sign of flow style, such as <c>｛</c> or <c>，</c>.</summary>
    public static Diagnostic AtSign(SourceText source, int at) =>
        At(source, at, 1, $"'{source.Text[at]}'", FullWidth.Ascii(source.Text[at]) is { } ascii ? Phrase.Of($"{ascii}") : Phrase.Of("a space"));

    private static Diagnostic At(SourceText source, int start, int length, object name, Phrase ascii) =>
        YamlDiagnostics.FullWidth.At(source, new(start, start + length), name) with { Hint = $"write {ascii}" };

    /// <summary>Every word that is a key somewhere in a rule file.</summary>
    internal const string Known =
        "(rules|tests|lists|defaults|name|description|account|enabled|on|include|let|when|group|overlap|limit|after|late|do|else|on-error"
        + "|all|any|none|max|per|within|over|if|then|for-each|wait|wait-until|wait-for|set|stop|as|delivery|continue-on-error|allow-private"
        + "|cron|timezone|missed|timeline|antenna|list|channel|hashtag|type|visibility|budget|replies|given|expect|skipped|because"
        + "|reply|note|quote|renote|dm|react|unreact|favorite|pin|unpin|delete|clip|follow|unfollow|remove-follower|accept-request|reject-request"
        + "|mute|unmute|renote-mute|block|unblock|add-to-list|remove-from-list|notify|report|upload|api|http|log"
        + "|to|from|cw|local-only|files|poll|expires|header|icon|comment|with|method|headers|body|level)";

    private const string Odd = "[\\u3000" + OddSpace.Characters + "]";

    // Only around words that rules know: '日時：明日' and an indented paragraph are text.
    [GeneratedRegex(
        @"^[ ]*(-[ ]+)*((?<space>" + Odd + "+)[ \\u3000" + OddSpace.Characters + @"]*([-－][ \u3000]*)?" + Known + @"[:：]|-(?<space>" + Odd + "+)" + Known + "[:：]|(?<dash>[－–—ー])[ \\u3000]*" + Known + "[:：]|" + Known + ":(?<space>" + Odd + "+)|" + Known + "(?<colon>：))",
        RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Structure();

    [GeneratedRegex(@"^[ ]*(-[ ]+)*[\p{L}\p{N}_-]+(?<colon>：)", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Name();
}
