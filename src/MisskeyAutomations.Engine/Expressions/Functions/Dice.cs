using System.Text;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>
/// Chance that repeats itself: the same run throws the same dice at the same place, so asking <c>when</c> again changes nothing.
/// </summary>
/// <param name="place">The place in the rule, such as <c>do[0].reply</c>.</param>
/// <param name="ordinal">Which of the dice of that place.</param>
internal sealed class Dice(string place, int ordinal)
{
    private readonly ulong _salt = Hash(place) + ((ulong)ordinal * 0x9E37_79B9_7F4A_7C15);

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double Throw(Scope scope) => scope.Die ?? Unit(Mix(scope.Seed ^ Mix(_salt + (ulong)scope.Round)));

    /// <summary>A number from 0 up to but not including 1 that depends on a text alone.</summary>
    public static double Of(string text) => Unit(Mix(Hash(text)));

    // 53 bits: every double below 1 that is a multiple of 2^-53.
    private static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    // FNV-1a, then the finaliser of SplitMix64: both are fixed for ever, unlike string.GetHashCode.
    private static ulong Hash(string text)
    {
        var hash = 0xCBF2_9CE4_8422_2325UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 0x100_0000_01B3;
        }

        return hash;
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }
}
