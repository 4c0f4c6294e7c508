using System.Text.RegularExpressions;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// A regular expression of a rule file: compiled once, linear in its input, and never longer than 100 ms on its first 16 kB.
/// </summary>
internal sealed class Pattern(string text, Regex regex)
{
    /// <summary>The most characters of an input that are looked at.</summary>
    public const int InputLength = 16_000;

    /// <summary>How long one match may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    private static readonly Value TimedOut = Value.Error("the regular expression took more than 100 ms");

    /// <summary>As written between the slashes.</summary>
    public string Text => text;

    /// <summary>The numbers of its groups; 0 is the whole match.</summary>
    public IReadOnlyList<int> Groups { get; } = regex.GetGroupNumbers();

    /// <summary>Whether the input holds a match.</summary>
    public Value Matches(string input) => Guarded(() => Value.Of(regex.IsMatch(Cap(input))));

    /// <summary>What a group of the first match holds; null when there is no match.</summary>
    public Value Capture(string input, int group) => Guarded(() =>
        regex.Match(Cap(input)).Groups[group] is { Success: true } found ? Value.Of(found.Value) : Value.Null);

    /// <summary>The places of all matches in order, or why there are none.</summary>
    public Value Find(string input, List<(int Start, int Length)> places) => Guarded(() =>
    {
        foreach (var match in regex.EnumerateMatches(Cap(input)))
        {
            places.Add((match.Index, match.Length));
        }

        return Value.Null;
    });

    private static string Cap(string input) => input.Length <= InputLength ? input : input[..InputLength];

    private static Value Guarded(Func<Value> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            return TimedOut;
        }
    }
}
