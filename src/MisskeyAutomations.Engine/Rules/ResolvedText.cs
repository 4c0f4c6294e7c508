using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>
/// Writes a rule as a rule file of its own, with the lists it uses and the defaults it depends on. The form is canonical: the same
/// rule gives the same text whatever its comments, quotes and indentation were, so that a reformatted file is no new version.
/// </summary>
internal static partial class ResolvedText
{
    public static string Of(SourceNode.Mapping rule, IReadOnlyDictionary<string, Value> lists, Defaults defaults)
    {
        var text = new StringBuilder("rules:\n");
        WriteEntry(text, rule, 2);
        WriteLists(text, rule, lists);
        WriteDefaults(text, defaults);
        return text.ToString();
    }

    private static void WriteLists(StringBuilder text, SourceNode.Mapping rule, IReadOnlyDictionary<string, Value> lists)
    {
        var named = new SortedSet<string>(StringComparer.Ordinal);
        CollectLists(rule, named);
        named.IntersectWith(lists.Keys);
        if (named.Count == 0)
        {
            return;
        }

        text.Append("lists:\n");
        foreach (var name in named)
        {
            text.Append("  ").Append(name).Append(lists[name].List.Count == 0 ? ": []\n" : ":\n");
            foreach (var value in lists[name].List)
            {
                text.Append("    - ").Append(Quote(value.Text)).Append('\n');
            }
        }
    }

    private static void CollectLists(SourceNode node, SortedSet<string> named)
    {
        switch (node)
        {
            case SourceNode.Scalar scalar:
                foreach (Match match in ListName().Matches(scalar.Text))
                {
                    named.Add(match.Groups["name"].Value);
                }

                break;
            case SourceNode.Sequence sequence:
                foreach (var entry in sequence.Entries)
                {
                    CollectLists(entry, named);
                }

                break;
            case SourceNode.Mapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    CollectLists(entry.Value, named);
                }

                break;
        }
    }

    // Budgets and reply caps hold for the account at the time of sending, not for a version of a rule.
    private static void WriteDefaults(StringBuilder text, Defaults defaults)
    {
        var standard = new Defaults();
        var hasZone = defaults.TimeZone.Id != standard.TimeZone.Id;
        var hasVisibility = defaults.Visibility != standard.Visibility;
        if (hasZone || hasVisibility)
        {
            text.Append("defaults:\n")
                .Append(hasZone ? $"  timezone: {Quote(defaults.TimeZone.Id)}\n" : "")
                .Append(hasVisibility ? $"  visibility: {defaults.Visibility}\n" : "");
        }
    }

    // One entry of a list: its first line stands behind the dash.
    private static void WriteEntry(StringBuilder text, SourceNode node, int indent)
    {
        text.Append(' ', indent).Append("- ");
        if (node is SourceNode.Scalar scalar)
        {
            WriteScalar(text, scalar, indent + 2);
            return;
        }

        var nested = new StringBuilder();
        WriteNested(nested, node, indent + 2);
        text.Append(nested, indent + 2, nested.Length - indent - 2);
    }

    private static void WriteNested(StringBuilder text, SourceNode node, int indent)
    {
        switch (node)
        {
            case SourceNode.Sequence { Entries.Count: > 0 } sequence:
                foreach (var entry in sequence.Entries)
                {
                    WriteEntry(text, entry, indent);
                }

                break;
            case SourceNode.Mapping { Entries.Count: > 0 } mapping:
                foreach (var (key, value) in mapping.Entries)
                {
                    text.Append(' ', indent).Append(Plain().IsMatch(key.Text) && !IsTyped(key.Text) ? key.Text : Quote(key.Text)).Append(':');
                    WriteValue(text, value, indent);
                }

                break;
            default:
                text.Append(' ', indent).Append(node is SourceNode.Sequence ? "[]\n" : "{}\n");
                break;
        }
    }

    private static void WriteValue(StringBuilder text, SourceNode value, int indent)
    {
        switch (value)
        {
            case SourceNode.Scalar scalar:
                text.Append(' ');
                WriteScalar(text, scalar, indent + 2);
                break;
            case SourceNode.Sequence { Entries.Count: 0 }:
                text.Append(" []\n");
                break;
            case SourceNode.Mapping { Entries.Count: 0 }:
                text.Append(" {}\n");
                break;
            default:
                text.Append('\n');
                WriteNested(text, value, indent + 2);
                break;
        }
    }

    private static void WriteScalar(StringBuilder text, SourceNode.Scalar scalar, int indent)
    {
        if (scalar.IsNull)
        {
            text.Append("null\n");
        }
        else if (Plain().IsMatch(scalar.Text) && (scalar.IsPlain || !IsTyped(scalar.Text)))
        {
            text.Append(scalar.Text).Append('\n');
        }
        else if (Block().IsMatch(scalar.Text))
        {
            WriteBlock(text, scalar.Text, indent);
        }
        else
        {
            text.Append(Quote(scalar.Text)).Append('\n');
        }
    }

    private static bool IsTyped(string text) => text is "" or "~" or "null" or "true" or "false" || CoreScalar.IsNumber(text);

    private static void WriteBlock(StringBuilder text, string value, int indent)
    {
        var endsWithBreak = value[^1] == '\n';
        text.Append(endsWithBreak ? "|\n" : "|-\n");
        foreach (var line in (endsWithBreak ? value[..^1] : value).Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }

    private static string Quote(string value)
    {
        if (Printable().IsMatch(value))
        {
            return "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
        }

        var quoted = new StringBuilder("\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\n' => quoted.Append("\\n"),
                '"' or '\\' => quoted.Append('\\').Append(character),
                < ' ' or >= '\u007f' and < '\u00a0' or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' =>
                    quoted.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\blists\s*\.\s*(?<name>[\p{L}\p{M}\p{N}_]+)", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex ListName();

    // Text that no YAML reader could take for anything else, on one line.
    [GeneratedRegex(@"^(-?[0-9]|[\p{L}_(])([^\x00-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF\s:#：\u3000－–—]|(?<! ) (?=[^ #])|:(?=[^\s,\[\]{}]))*\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Plain();

    // Several printable lines that neither begin nor end with a blank, with at most one break at the end.
    [GeneratedRegex(@"^(?=[^ \t\n][\s\S]*\n)[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]*[^\s]\n?\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Block();

    [GeneratedRegex(@"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]*\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Printable();
}
