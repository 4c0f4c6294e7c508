using System.Buffers;
using System.Globalization;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>Durations as written: <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>7d</c>, <c>1h30m</c>.</summary>
internal static class Durations
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The seconds of a written duration; null when it is none.</summary>
    public static double? Parse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        double seconds = 0;
        var smallest = double.MaxValue;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || UnitOf(text[digits]) is not { } unit || unit >= smallest
                || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            {
                return null;
            }

            seconds += count * unit;
            smallest = unit;
            text = text[(digits + 1)..];
        }

        return double.IsFinite(seconds) ? seconds : null;
    }

    private static double? UnitOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        _ => null,
    };
}
