namespace MisskeyAutomations.Storage.Postgres;

/// <summary>Deals deliveries out among the engines that share a store: each is decided by the one that claimed it.</summary>
internal static class ClaimedDeliveries
{
    /// <summary>How long a claim lasts. Deciding takes milliseconds; whoever has not done it by then is dead or stands still.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>Claims undecided deliveries that nobody has claimed, in the order of their numbers.</summary>
    /// <param name="db">The writer's connection.</param>
    /// <param name="lease">The lease of this engine. What it claimed before, it is given again beyond <paramref name="afterId"/>.</param>
    /// <param name="afterId">0, or the last number that it has dealt with.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="now">The database's time.</param>
    public static IReadOnlyList<long> Claim(WriterConnection db, long lease, long afterId, int max, DateTimeOffset now)
    {
        const string Sql = """
            update deliveries set claimed_by = ?, claimed_until = ? where id in
                (select id from deliveries
                where state = 0 and (claimed_until is null or claimed_until <= ? or (claimed_by = ? and id > ?))
                order by id limit ? for update skip locked)
            returning id
            """;
        return [.. db.Sql(Sql).Bind(lease).Bind(now + Length).Bind(now).Bind(lease).Bind(afterId).Bind(max).All(static row => row.Long(0)).Order()];
    }
}
