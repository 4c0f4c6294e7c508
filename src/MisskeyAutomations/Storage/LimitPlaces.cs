using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The places in rules' limits. Runs that only show what they would do have places of their own.</summary>
internal static class LimitPlaces
{
    // A claim says since when places count, not for how long this one will. The longest calendar period is a month.
    private static readonly TimeSpan LongestCalendarPeriod = TimeSpan.FromDays(32);

    // How far back a limit may reach before its places are kept for ever.
    private static readonly TimeSpan Ever = TimeSpan.FromDays(3_660);

    /// <summary>The first limit without a place for the run; null when every one has.</summary>
    public static LimitClaim? FindFull(WriterConnection db, Run run, IReadOnlyList<LimitClaim> claims)
    {
        const string Count = """
            select count(*) from
                (select 1 from limit_places where rule = ? and key = ? and at >= ? and run <> ? limit ?)
            """;
        foreach (var claim in claims)
        {
            var taken = db.Sql(Count).Bind(db.Names.Rule(run.RuleName)).Bind(Key(run, claim)).Bind(claim.Since).Bind(run.Id).Bind(claim.Max).Number();
            if (taken >= claim.Max)
            {
                return claim;
            }
        }

        return null;
    }

    /// <summary>Takes a place in every limit; a run that has one there keeps it.</summary>
    public static void Take(WriterConnection db, Run run, IReadOnlyList<LimitClaim> claims, DateTimeOffset now)
    {
        var rule = db.Names.Rule(run.RuleName);
        foreach (var claim in claims)
        {
            var key = Key(run, claim);
            var expiresAt = ExpiryOf(claim, now);

            // max(null, x) is null in SQLite: a place that one limit counts for ever is never dropped.
            const string Keep = "update limit_places set expires_at = max(expires_at, ?) where run = ? and rule = ? and key = ?";
            if (db.Sql(Keep).Bind(expiresAt).Bind(run.Id).Bind(rule).Bind(key).Run() == 0)
            {
                db.Sql("insert into limit_places (rule, key, at, run, expires_at) values (?, ?, ?, ?, ?)")
                    .Bind(rule).Bind(key).Bind(now).Bind(run.Id).Bind(expiresAt).Run();
            }
        }
    }

    /// <summary>Gives back what a run took that ended without effect.</summary>
    public static void GiveBack(WriterConnection db, long runId) =>
        db.Sql("delete from limit_places where run = ?").Bind(runId).Run();

    private static string Key(Run run, LimitClaim claim) => run.IsDryRun ? DryRuns.Prefix + claim.Key : claim.Key;

    private static DateTimeOffset? ExpiryOf(LimitClaim claim, DateTimeOffset now)
    {
        var reach = now - claim.Since;
        return reach > Ever ? null : now + (reach > LongestCalendarPeriod ? reach : LongestCalendarPeriod);
    }
}

/// <summary>What runs that only show what they would do are kept apart by.</summary>
internal static class DryRuns
{
    /// <summary>Before the keys of limits and the names of budgets.</summary>
    public const string Prefix = "dry:";
}
