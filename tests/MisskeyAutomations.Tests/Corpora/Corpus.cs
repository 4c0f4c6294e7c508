using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>One case of a corpus.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Verdict">What is to become of it.</param>
/// <param name="Text">The input.</param>
internal sealed record CorpusCase(int Line, string Verdict, string Text);

/// <summary>
/// A file of inputs with their verdicts. A line is <c>VERDICT ⟶ INPUT</c>; empty lines and those that begin with # are left out; a line
/// that begins with <c>|</c> continues the input above by another line. ␤ ␉ ␀ ␠ are written for a line break, a tab, a NUL and a blank that an editor would take away.
/// </summary>
internal static partial class Corpus
{
    private const string Arrow = " ⟶ ";

    /// <summary>All cases of a file below <c>Corpora</c>.</summary>
    public static IReadOnlyList<CorpusCase> Read(string name)
    {
        var cases = new List<CorpusCase>();
        foreach (var (index, line) in File.ReadLines(PathOf(name)).Index())
        {
            if (line.StartsWith('|'))
            {
                cases[^1] = cases[^1] with { Text = $"{cases[^1].Text}\n{Plain(line[1..])}" };
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                var at = (line + " ").IndexOf(Arrow, StringComparison.Ordinal);
                Assert.True(at > 0, $"{name}:{index + 1} is no case: {line}");
                cases.Add(new(index + 1, line[..at], Plain(line[Math.Min(line.Length, at + Arrow.Length)..])));
            }
        }

        return cases;
    }

    private static string PathOf(string name) => Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Corpora", name);

    private static string Plain(string text) => text.Replace('␤', '\n').Replace('␉', '\t').Replace('␀', '\0').Replace('␠', ' ');
}
