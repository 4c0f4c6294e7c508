using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Compiles the regular expressions of rule files, and says what to write where linear time has no answer.</summary>
internal static class PatternReader
{
    /// <summary>What only backtracking can do: how it begins, its name, and what to write instead.</summary>
    private static readonly (string Sign, Phrase Name, Phrase Hint)[] Refused =
    [
        ("(?=", "look-ahead", "match the whole and take a group: capture(x, /(what)after/)"),
        ("(?!", "look-ahead", "write a second condition: and not matches(x, /…/)"),
        ("(?<=", "look-behind", "match the whole and take a group: capture(x, /before(what)/)"),
        ("(?<!", "look-behind", "write a second condition: and not matches(x, /…/)"),
        ("(?>", "an atomic group", "write (?:…): it is linear all the same"),
        ("(?(", "a conditional group", "write two conditions"),
        (@"\k", "a back-reference", "compare two captures: capture(x, /…/, 1) == capture(x, /…/, 2)"),
        (@"\G", @"'\G'", "write ^"),
    ];

    /// <summary>The pattern; null when it was refused.</summary>
    public static Pattern? Read(Node.Pattern node, Findings findings)
    {
        if (node.Text.Length > ExpressionLimits.PatternLength)
        {
            findings.Add(ExpressionDiagnostics.RegexTooLong, node.Span, null, null, ExpressionLimits.PatternLength, node.Text.Length);
            return null;
        }

        if (node.Text.Length == 0)
        {
            findings.Add(ExpressionDiagnostics.RegexInvalid, node.Span, "put something between the slashes", null, Phrase.Of("it is empty"));
            return null;
        }

        try
        {
            var options = RegexOptions.CultureInvariant | (node.IgnoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            // The ordinary kind is read fast and tells what is malformed; it is never asked to match anything.
            var groups = new Regex(node.Text, options, Pattern.Timeout).GetGroupNumbers();
            var compiled = new Lazy<Regex>(() => new Regex(node.Text, options | RegexOptions.NonBacktracking, Pattern.Timeout));
            if (MayBeRefused(node.Text))
            {
                _ = compiled.Value;
            }

            return new(node.Text, groups, compiled);
        }
        catch (RegexParseException fault)
        {
            var at = node.Span.Start + 1 + Math.Clamp(fault.Offset - 1, 0, node.Text.Length - 1);
            findings.Add(ExpressionDiagnostics.RegexInvalid, new(at, at + 1), null, null, Words(fault.Error));
        }
        catch (NotSupportedException)
        {
            var (place, name, hint) = FindRefused(node);
            findings.Add(ExpressionDiagnostics.RegexRefused, place, hint, null, name);
        }

        return null;
    }

    // Whether it holds a sign with which something begins that linear time has no answer for, or a count.
    private static bool MayBeRefused(string text)
    {
        for (var i = 0; i < text.Length - 1; i++)
        {
            var next = text[i + 1];
            if (text[i] == '{' || (text[i] == '(' && next == '?' && !text.AsSpan(i).StartsWith("(?:")))
            {
                return true;
            }

            if (text[i] == '\\')
            {
                if (next is 'k' or 'G' || char.IsAsciiDigit(next))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    private static (TextSpan Place, Phrase Name, Phrase Hint) FindRefused(Node.Pattern node)
    {
        var text = node.Text;
        for (var i = 0; i < text.Length - 1; i++)
        {
            foreach (var (sign, name, hint) in Refused)
            {
                if (text.AsSpan(i).StartsWith(sign, StringComparison.Ordinal))
                {
                    return (new(node.Span.Start + 1 + i, node.Span.Start + 1 + i + sign.Length), name, hint);
                }
            }

            if (text[i] == '\\')
            {
                if (char.IsAsciiDigit(text[i + 1]))
                {
                    return (new(node.Span.Start + 1 + i, node.Span.Start + 3 + i), "a back-reference", Refused[6].Hint);
                }

                i++;
            }
        }

        return (node.Span, "so large a repetition", "use smaller counts");
    }

    /// <summary>What is wrong with a pattern that cannot be read.</summary>
    public static Phrase Words(RegexParseError error) => error switch
    {
        RegexParseError.UnterminatedBracket => "a '[' is not closed",
        RegexParseError.InsufficientClosingParentheses => "a '(' is not closed",
        RegexParseError.InsufficientOpeningParentheses => "a ')' closes nothing",
        RegexParseError.QuantifierAfterNothing => "there is nothing to repeat",
        RegexParseError.NestedQuantifiersNotParenthesized => "a repetition is repeated",
        RegexParseError.ReversedQuantifierRange => "the counts stand in reverse order",
        RegexParseError.ReversedCharacterRange => "a range stands in reverse order",
        RegexParseError.UnescapedEndingBackslash => "it ends with a backslash",
        RegexParseError.UnrecognizedEscape or RegexParseError.InsufficientOrInvalidHexDigits => "there is no such escape",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "it refers to a group that it does not have",
        RegexParseError.InvalidGroupingConstruct => "there is no such group",
        RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.MalformedUnicodePropertyEscape => "there is no such Unicode property",
        RegexParseError.ShorthandClassInCharacterRange => "a class cannot bound a range",
        _ => "see its syntax in the docs",
    };
}
