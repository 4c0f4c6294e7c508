using System.Text;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// Reads the part of gettext's format that is used here: <c>msgid</c> and <c>msgstr</c>, each one quoted line, and comments. An empty
/// <c>msgstr</c> is a text still to be written.
/// </summary>
public static class PoFile
{
    /// <summary>The texts by their keys, in order, without those that are still empty and without the header (an empty key).</summary>
    /// <exception cref="FormatException">A line is none of the above, or a key stands twice.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Read(TextReader reader)
    {
        string? key = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.StartsWith("msgid ", StringComparison.Ordinal) && key is null)
            {
                key = Unquote(line["msgid ".Length..], number);
                if (!seen.Add(key))
                {
                    throw new FormatException($"line {number}: '{key}' stands twice");
                }
            }
            else if (line.StartsWith("msgstr ", StringComparison.Ordinal) && key is not null)
            {
                var text = Unquote(line["msgstr ".Length..], number);
                if (key.Length > 0 && text.Length > 0)
                {
                    yield return new(key, text);
                }

                key = null;
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                throw new FormatException($"line {number} is neither msgid, msgstr nor a comment: {line}");
            }
        }
    }

    /// <summary>An entry still to be translated, as it is written in the file.</summary>
    public static string Entry(string key) => $"msgid {Quote(key)}\nmsgstr \"\"\n";

    /// <summary>A text as it is written in the file.</summary>
    public static string Quote(string text) => "\"" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string Unquote(string quoted, int number)
    {
        if (quoted is not ['"', .. var inner, '"'])
        {
            throw new FormatException($"line {number} has no quoted text: {quoted}");
        }

        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            text.Append(inner[i] != '\\' ? inner[i] : i + 1 < inner.Length ? inner[++i] switch
            {
                'n' => '\n',
                '"' or '\\' => inner[i],
                _ => throw new FormatException($"line {number}: '\\{inner[i]}' is no escape"),
            } : throw new FormatException($"line {number} ends with a backslash"));
        }

        return text.ToString();
    }
}
