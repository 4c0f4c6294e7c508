using System.Buffers;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>Writes single values: without quotes where no reader of YAML could take them for anything else, otherwise as their author quoted them.</summary>
internal static partial class ScalarSpelling
{
    private static readonly SearchValues<char> FlowSigns = SearchValues.Create(",[]{}");

    // Words that this or an older YAML takes for truth values and nothing.
    private static readonly HashSet<string> Typed = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    /// <summary>
    /// How a value is written. Null where it must stay as it is: over several lines, with escapes that its author chose, or because it
    /// would need other quotes.
    /// </summary>
    /// <param name="raw">How it is written now, quotes included.</param>
    /// <param name="value">What it shall say.</param>
    /// <param name="isChanged">Whether it says something else now.</param>
    /// <param name="inFlow">Whether it stands in brackets or braces.</param>
    /// <param name="behind">What follows on its line.</param>
    public static string? Spell(string raw, string value, bool isChanged, bool inFlow, ReadOnlySpan<char> behind)
    {
        if (raw.Length == 0 || raw.Contains('\n', StringComparison.Ordinal) || raw[0] is '|' or '>')
        {
            return null;
        }

        var quote = raw[0] is '\'' or '"' ? raw[0] : '\0';
        if (quote == '\0')
        {
            return isChanged && CanStayPlain().IsMatch(value) && !(inFlow && value.AsSpan().ContainsAny(FlowSigns)) ? value : null;
        }

        if (!Typed.Contains(value) && IsPlain(value, inFlow) && HasOrdinaryEscapes(raw, quote) && !TouchesComment(behind))
        {
            return value;
        }

        return !isChanged || !HasOrdinaryEscapes(raw, quote) || Unprintable().IsMatch(value) ? null
            : quote == '\'' ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>How a quoted key is written; null where it keeps its quotes.</summary>
    public static string? SpellKey(string raw, string name) => Key().IsMatch(name) && HasOrdinaryEscapes(raw, raw[0]) && (!Typed.Contains(name) || name == "on") ? name : null;

    private static bool IsPlain(string value, bool inFlow) => Plain().IsMatch(value) && !(inFlow && value.AsSpan().ContainsAny(FlowSigns));

    // '#fediverse' behind a text in quotes is a comment; behind one without it is refused as a text cut short.
    private static bool TouchesComment(ReadOnlySpan<char> behind) => behind.TrimStart(" \t") is ['#', not ' ', ..];

    private static bool HasOrdinaryEscapes(string raw, char quote) => quote == '\'' || OrdinaryEscapes().IsMatch(raw);

    // Begins with a letter or another sign that means nothing to YAML; on one line, without a colon, a comment's sign and full-width structure.
    [GeneratedRegex(
        @"^([\p{L}_(/]|\$\{|[\p{So}\p{Cs}])([^\x00-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF\s:#：\u3000\u00a0－–—]|(?<! ) (?=[^ #])|(?<=[^ ])#)*\z",
        RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Plain();

    // What was written without quotes may go on without them: it begins with no sign of YAML, and nothing in it would end it.
    [GeneratedRegex(@"^[^\s\-?:,\[\]{}#&*!|>'""%@`](?!.*(:( |\z)| #))[^\x00-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]*(?<! )\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex CanStayPlain();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{M}\p{N}_-]*\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Key();

    [GeneratedRegex(@"^""([^\\]|\\[\\""])*""\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex OrdinaryEscapes();

    [GeneratedRegex(@"[\x00-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Unprintable();
}
