namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>
    /// The nearest of <paramref name="known"/>: the same name but for case, <c>-</c> and <c>_</c>, else the one with the smallest
    /// edit distance (a swap of neighbours counts 1), at most a third of the length and at most 3; null when none is near.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var folded = Fold(name);
        string? best = null;
        var limit = Math.Clamp(folded.Length / 3, 1, 3);
        var bestDistance = limit + 1;
        foreach (var candidate in known)
        {
            var distance = Distance(folded, Fold(candidate), limit);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    private static string Fold(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit || a.Length > 64)
        {
            return limit + 1;
        }

        var (before, last, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, last, current) = (last, current, before);
        }

        return last[b.Length];
    }
}
