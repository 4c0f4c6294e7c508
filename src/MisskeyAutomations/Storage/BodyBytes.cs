namespace MisskeyAutomations.Storage;

/// <summary>How many bytes of bodies are read or dropped at once. A body may be 1 MiB: so many at once as are well in number can be more than there is memory.</summary>
internal static class BodyBytes
{
    /// <summary>How many are read at once.</summary>
    public const long Read = 8 * 1024 * 1024;

    /// <summary>How many are dropped in a transaction. They are overwritten, and webhooks wait meanwhile.</summary>
    public const long Dropped = 4 * 1024 * 1024;

    /// <summary>The rows at the beginning whose bodies are so many bytes together; the first one in any case.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="length">The length of a row's body.</param>
    /// <param name="most">So many bytes at most.</param>
    public static IEnumerable<T> Fitting<T>(this IEnumerable<T> rows, Func<T, long> length, long most)
    {
        var total = 0L;
        foreach (var row in rows)
        {
            var isFirst = total == 0;
            total += length(row);
            if (total > most && !isFirst)
            {
                yield break;
            }

            yield return row;
        }
    }
}
