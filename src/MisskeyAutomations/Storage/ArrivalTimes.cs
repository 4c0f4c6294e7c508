namespace MisskeyAutomations.Storage;

/// <summary>When deliveries came, by their numbers: there is no index over times of arrival, which every delivery would pay for.</summary>
internal static class ArrivalTimes
{
    /// <summary>Numbers go by the time of arrival, unless the clock was put or engines wrote at the same time: times are looked for with room to spare.</summary>
    public static readonly TimeSpan Disorder = TimeSpan.FromHours(1);

    /// <summary>The first number of a span whose delivery came after a time, by halves; its end when there is none.</summary>
    public static long FirstAfter(StoreReader connection, DateTimeOffset at, long low, long end)
    {
        while (low < end)
        {
            var middle = low + ((end - low) / 2);
            if (At(connection, middle) is { } time && time <= at)
            {
                low = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return low;
    }

    /// <summary>When the first delivery with this number or a later one came: some numbers are left out. Null when there is none.</summary>
    public static DateTimeOffset? At(StoreReader connection, long number) =>
        connection.QueryFirstOrDefault<long?>("select received_at from deliveries where id >= @number order by id limit 1", new { number }) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
