using System.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// What searches through lists, one within the other, have done since the outermost began. Searches within searches multiply: a text of
/// 3,000 characters, split and searched three times over, would take hours.
/// </summary>
internal sealed class Searching
{
    private const int MostEntries = 100_000;

    // Each entry may ask a regular expression. So many entries without one take a hundredth of this.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly Value TooMany = Value.Error("it looks at more than 100,000 entries");
    private static readonly Value TooLong = Value.Error("looking through the list took more than 5 s");

    private readonly long _began = Stopwatch.GetTimestamp();
    private int _entries;

    /// <summary>Counts one more entry. An error when that is too much.</summary>
    public Value Count() => ++_entries > MostEntries ? TooMany : Stopwatch.GetElapsedTime(_began) > Longest ? TooLong : Value.Null;
}
