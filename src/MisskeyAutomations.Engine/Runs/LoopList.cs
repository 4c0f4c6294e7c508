using System.Globalization;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The list of a loop as it was when the loop began, kept as the answer of its step: <c>[2,["a","b"]]</c>, the number of rounds first,
/// so that finding the place in a rule does not read the whole list.
/// </summary>
internal static class LoopList
{
    /// <summary>As it is kept, and a sentence when it was cut.</summary>
    public static (string Answer, string? Remark) Freeze(Value list)
    {
        var entries = list.List;
        var rounds = Math.Min(entries.Count, StepNode.ForEach.MaxRounds);
        var kept = rounds == entries.Count ? list : Value.Of([.. entries.Take(rounds)], list.Marks);
        return (
            string.Create(CultureInfo.InvariantCulture, $"[{rounds},{StoredValue.Write(kept)}]"),
            rounds < entries.Count ? $"only the first {rounds} of {entries.Count} entries: a loop has no more rounds" : entries.Count == 0 ? "the list is empty" : null);
    }

    /// <summary>The number of rounds.</summary>
    public static int CountOf(Step step) =>
        step.Answer is { } answer ? int.Parse(answer.AsSpan(1, answer.IndexOf(',', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture) : 0;

    /// <summary>The entries, with their marks.</summary>
    public static IReadOnlyList<Value> Read(string answer)
    {
        var comma = answer.IndexOf(',', StringComparison.Ordinal);
        return StoredValue.Read(answer[(comma + 1)..^1]).List;
    }
}
