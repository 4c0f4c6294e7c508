using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Where two texts part: the line of each in which their first differing character stands.</summary>
/// <param name="Expected">The expected line, or the part of it around the place; line ends are signs.</param>
/// <param name="Actual">The actual one, cut alike.</param>
/// <param name="Line">Which line of the texts it is, from 1.</param>
/// <param name="Columns">How many columns of a terminal stand before the place, the same in both.</param>
public sealed record TextDifference(string Expected, string Actual, int Line, int Columns)
{
    private const int MostBefore = 60;
    private const int MostShown = 100;

    /// <summary>Of two texts that are not the same.</summary>
    public static TextDifference Of(string expected, string actual)
    {
        var same = SameLength(expected, actual);
        var start = expected.AsSpan(0, same).LastIndexOf('\n') + 1;
        var from = start;
        while (DisplayWidth.Of(ShownText.OneLine(expected[from..same])) > MostBefore)
        {
            from += StringInfo.GetNextTextElementLength(expected, from);
        }

        var before = (from > start ? "…" : "") + ShownText.OneLine(expected[from..same]);
        return new(Show(before, expected, same), Show(before, actual, same), 1 + expected.AsSpan(0, start).Count('\n'), DisplayWidth.Of(before));
    }

    // Whole characters as people see them: an emoji of several parts differs as one.
    private static int SameLength(string expected, string actual)
    {
        var same = 0;
        while (same < expected.Length && same < actual.Length)
        {
            var (one, other) = (StringInfo.GetNextTextElementLength(expected, same), StringInfo.GetNextTextElementLength(actual, same));
            if (one != other || !expected.AsSpan(same, one).SequenceEqual(actual.AsSpan(same, other)))
            {
                break;
            }

            same += one;
        }

        return same;
    }

    // The rest of the line, and the sign of its end where there is more.
    private static string Show(string before, string text, int same)
    {
        var end = text.IndexOf('\n', same);
        var rest = end < 0 ? text[same..] : text[same..(end + 1)];
        return before + ShownText.Fit(rest, MostShown - DisplayWidth.Of(before));
    }
}
