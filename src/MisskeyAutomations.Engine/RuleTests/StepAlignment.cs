namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// Lays the steps that were taken beside those that were expected so that as few as possible differ: a step too many or too few does not
/// make all that follow it wrong.
/// </summary>
internal static class StepAlignment
{
    // Beyond this many pairs between the first and the last difference, steps are compared one by one as they stand.
    private const int MostPairs = 20_000;
    private const int Alone = 2;

    /// <summary>Pairs of positions in both lists, in order; null where a step has none beside it.</summary>
    /// <param name="expected">How many are expected.</param>
    /// <param name="taken">How many were taken.</param>
    /// <param name="distance">How far a pair is from being as expected: 0 as expected, 1 the same kind of step, 3 another kind.</param>
    public static IReadOnlyList<(int? Expected, int? Taken)> Of(int expected, int taken, Func<int, int, int> distance)
    {
        var first = 0;
        while (first < expected && first < taken && distance(first, first) == 0)
        {
            first++;
        }

        var last = 0;
        while (last < expected - first && last < taken - first && distance(expected - 1 - last, taken - 1 - last) == 0)
        {
            last++;
        }

        return
        [
            .. Enumerable.Range(0, first).Select(i => ((int?)i, (int?)i)),
            .. Between(first, expected - last, taken - last, distance),
            .. Enumerable.Range(0, last).Select(i => ((int?)(expected - last + i), (int?)(taken - last + i))),
        ];
    }

    private static List<(int? Expected, int? Taken)> Between(int first, int expected, int taken, Func<int, int, int> distance)
    {
        var (rows, columns) = (expected - first, taken - first);
        if ((long)rows * columns > MostPairs)
        {
            return [.. Enumerable.Range(0, Math.Max(rows, columns)).Select(i => (i < rows ? first + i : (int?)null, i < columns ? first + i : (int?)null))];
        }

        // The cost of laying what follows a pair of positions.
        var costs = new int[rows + 1, columns + 1];
        for (var i = rows; i >= 0; i--)
        {
            for (var j = columns; j >= 0; j--)
            {
                costs[i, j] = i == rows ? Alone * (columns - j) : j == columns ? Alone * (rows - i)
                    : Math.Min(distance(first + i, first + j) + costs[i + 1, j + 1], Alone + Math.Min(costs[i + 1, j], costs[i, j + 1]));
            }
        }

        var pairs = new List<(int? Expected, int? Taken)>();
        for (var (i, j) = (0, 0); i < rows || j < columns;)
        {
            if (i < rows && j < columns && costs[i, j] == distance(first + i, first + j) + costs[i + 1, j + 1])
            {
                pairs.Add((first + i++, first + j++));
            }
            else if (i < rows && costs[i, j] == Alone + costs[i + 1, j])
            {
                pairs.Add((first + i++, null));
            }
            else
            {
                pairs.Add((null, first + j++));
            }
        }

        return pairs;
    }
}
