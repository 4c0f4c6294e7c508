using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// A regular expression of a rule file: compiled once, linear in its input, and never longer than 100 ms on its first 16 kB.
/// </summary>
/// <param name="text">As written between the slashes.</param>
/// <param name="groups">The numbers of its groups; 0 is the whole match.</param>
/// <param name="compiled">Made at first use where that cannot fail: it takes milliseconds, many times what reading the rest of its rule takes.</param>
internal sealed class Pattern(string text, IReadOnlyList<int> groups, Lazy<Regex> compiled)
{
    /// <summary>The most characters of an input that are looked at.</summary>
    public const int InputLength = 16_000;

    /// <summary>The most characters that are looked at where a group is asked for: finding groups costs about four times as much, and has no clock.</summary>
    public const int CaptureLength = 4_000;

    /// <summary>How long one match, or the search for all of them, may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    // So short an input takes no hundredth of the timeout: when it ran out, the machine was busy otherwise.
    private const int ShortInput = 4_000;

    private static readonly Value TooLarge = Value.Error("the regular expression is too large");
    private static readonly Value TimedOut = Value.Error("the regular expression took more than 100 ms");

    /// <summary>As written between the slashes.</summary>
    public string Text => text;

    /// <summary>The numbers of its groups; 0 is the whole match.</summary>
    public IReadOnlyList<int> Groups => groups;

    /// <summary>Whether the input holds a match.</summary>
    public Value Matches(string input) => Guarded(input, () => Value.Of(compiled.Value.IsMatch(Cap(input, InputLength))));

    /// <summary>What a group of the first match holds; null when there is no match.</summary>
    public Value Capture(string input, int group) => Guarded(input, () =>
    {
        if (group != 0)
        {
            return compiled.Value.Match(Cap(input, CaptureLength)).Groups[group] is { Success: true } found ? Value.Of(found.Value) : Value.Null;
        }

        var matches = compiled.Value.EnumerateMatches(Cap(input, InputLength));
        return matches.MoveNext() ? Value.Of(input.Substring(matches.Current.Index, matches.Current.Length)) : Value.Null;
    });

    /// <summary>The places of all matches in order, or why there are none.</summary>
    public Value Find(string input, List<(int Start, int Length)> places) => Guarded(input, () =>
    {
        places.Clear();

        // The regular expression's own clock begins anew at every match. Making it, at its first use, is no part of the search.
        var regex = compiled.Value;
        var began = Stopwatch.GetTimestamp();
        foreach (var match in regex.EnumerateMatches(Cap(input, InputLength)))
        {
            places.Add((match.Index, match.Length));
            if (Stopwatch.GetElapsedTime(began) > Timeout)
            {
                return TimedOut;
            }
        }

        return Value.Null;
    });

    private static string Cap(string input, int length) => input.Length <= length ? input : input[..length];

    private static Value Guarded(string input, Func<Value> match)
    {
        try
        {
            return Patient(input, match);
        }
        catch (RegexMatchTimeoutException)
        {
            return TimedOut;
        }
        catch (NotSupportedException)
        {
            return TooLarge;
        }
    }

    // An event must not fail because its moment was a bad one.
    private static Value Patient(string input, Func<Value> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException) when (input.Length <= ShortInput)
        {
            return match();
        }
    }
}
