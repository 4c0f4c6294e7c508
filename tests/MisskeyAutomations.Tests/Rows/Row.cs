using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Rows;

/// <summary>One promise of the language, with an example that shows it kept.</summary>
/// <param name="File">Its file, without folder.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Key">What it is about: a key, trigger, step, option, gate, law or trap.</param>
/// <param name="Promise">What is promised, in words.</param>
/// <param name="Text">The example.</param>
/// <param name="Breaks">Changes of the example that take away what the promise is about: with each, another thing must come of it.</param>
internal sealed partial record Row(string File, int Line, string Key, string Promise, string Text, IReadOnlyList<(string Old, string New)> Breaks)
{
    private const string Arrow = " ⟶ ";

    /// <summary>Where it stands, for people.</summary>
    public string Place => $"{File}:{Line} {Key} · {Promise}";

    /// <summary>
    /// The rows of a file below <c>Rows</c>. <c>=== KEY · PROMISE</c> begins a row, <c>~ OLD ⟶ NEW</c> behind its example is a break
    /// (⏎ is written for a line break), <c>//</c> begins a comment. <c>⟪TEXT×N⟫</c> stands for N times the text.
    /// </summary>
    public static IReadOnlyList<Row> Read(string file)
    {
        var rows = new List<Row>();
        foreach (var (index, line) in System.IO.File.ReadLines(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Rows", file)).Index())
        {
            if (Heading().Match(line) is { Success: true } heading)
            {
                rows.Add(new(file, index + 1, heading.Groups["key"].Value, heading.Groups["promise"].Value, "", []));
            }
            else if (line.StartsWith("~ ", StringComparison.Ordinal))
            {
                rows[^1] = rows[^1] with { Breaks = [.. rows[^1].Breaks, ReadBreak(line, $"{file}:{index + 1}")] };
            }
            else if (rows.Count > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            {
                rows[^1] = rows[^1] with { Text = $"{rows[^1].Text}{line}\n" };
            }
        }

        return [.. rows.Select(row => row with { Text = row.Text.TrimEnd('\n') + "\n" })];
    }

    /// <summary>The example with one of its breaks.</summary>
    public string With((string Old, string New) change)
    {
        var parts = Text.Split(change.Old);
        Assert.True(parts.Length == 2, $"{Place}: '{change.Old}' stands there {parts.Length - 1} times");
        return parts[0] + change.New + parts[1];
    }

    private static (string Old, string New) ReadBreak(string line, string place)
    {
        var at = (line + " ").IndexOf(Arrow, StringComparison.Ordinal);
        Assert.True(at > 0, $"{place} is no break: {line}");
        return (Plain(line[2..at]), Plain(line[Math.Min(line.Length, at + Arrow.Length)..]));
    }

    private static string Plain(string text) => text.Replace('⏎', '\n');

    [GeneratedRegex("^=== (?<key>.+?) · (?<promise>.+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();
}
