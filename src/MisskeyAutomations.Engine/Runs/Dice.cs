using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Chance that is the same at every look: derived from a run's seed and a place in its rule.</summary>
public static class Dice
{
    /// <summary>A duration from the range.</summary>
    public static TimeSpan Draw(DurationRange range, ulong seed, string place, double? die = null) =>
        range.Min + TimeSpan.FromTicks((long)((range.Max - range.Min).Ticks * (die ?? Fraction(seed, place))));

    extension(StepNode.Wait pause)
    {
        /// <summary>How long the pause is, in seconds: a number, or what its expression gives instead.</summary>
        public Value LengthIn(Scope scope) => pause.Duration is { } range
            ? Value.Of(Draw(range, scope.Seed, pause.Path, scope.Die).TotalSeconds) : InSeconds(pause.Expression!.Evaluate(scope));
    }

    // An expression may give seconds, or a duration as people write it.
    private static Value InSeconds(Value length) =>
        length.Kind == ValueKind.Text && Durations.Parse(length.Text) is { } written ? Value.Of(written.TotalSeconds) : length;

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double Fraction(ulong seed, string place)
    {
        var hash = seed;
        foreach (var character in place)
        {
            hash = (hash ^ character) * 1099511628211;
        }

        // SplitMix64's finish: spreads what FNV leaves clumped in the low bits.
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
