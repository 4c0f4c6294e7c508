using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The tokens of accounts' budgets and reply caps, counted over sliding spans. Dry runs have tokens of their own.</summary>
internal static class BudgetTokens
{
    /// <summary>
    /// Takes a token of every bucket for the step, or of none when one is empty. A token that the step took for an earlier attempt is good
    /// for this one until it runs out: both are one deed.
    /// </summary>
    public static BudgetAnswer Take(WriterConnection db, Run run, string path, IReadOnlyList<BudgetClaim> claims, DateTimeOffset now)
    {
        var account = db.Names.Account(run.Account);
        var buckets = claims.Select(claim => Look(db, account, run, path, claim, now)).ToList();
        if (buckets.Find(bucket => bucket.IsBroken) is { } broken)
        {
            return new BudgetAnswer(broken.Claim, Breakers.Open(db, run, broken.Claim, now));
        }

        var missing = buckets.Where(bucket => !bucket.IsHeld).ToList();
        foreach (var bucket in missing)
        {
            if (FreeAt(db, account, bucket, now) is { } freeAt)
            {
                return bucket.Claim.Breaker is null ? new BudgetAnswer(bucket.Claim, freeAt)
                    : new BudgetAnswer(bucket.Claim, Breakers.Open(db, run, bucket.Claim, now)) { OpenedBreaker = true };
            }
        }

        const string Insert = "insert into budget_tokens (account, bucket, number, at, run, path, expires_at) values (?, ?, ?, ?, ?, ?, ?)";
        foreach (var bucket in missing)
        {
            db.Sql(Insert).Bind(account).Bind(bucket.Name).Bind(bucket.Last + 1).Bind(now).Bind(run.Id).Bind(path).Bind(now + bucket.Claim.Within).Run();
        }

        return BudgetAnswer.Granted;
    }

    // All that is to be known of a bucket, by one statement.
    private static Bucket Look(WriterConnection db, long account, Run run, string path, BudgetClaim claim, DateTimeOffset now)
    {
        const string Sql = """
            select x.last,
                (select t.at from budget_tokens t where t.account = ? and t.bucket = ? and t.number = x.last - ? + 1 and t.at > ?),
                (select min(t.at) from budget_tokens t where t.run = ? and t.path = ? and t.bucket = ? and t.at > ?),
                (select b.until from breakers b where b.account = ? and b.name = ? and b.until > ?)
            from (select coalesce(max(number), 0) as last from budget_tokens where account = ? and bucket = ?) x
            """;
        var (name, since) = (NameOf(run, claim), now - claim.Within);
        return db.Sql(Sql).Bind(account).Bind(name).Bind(claim.Max).Bind(since)
            .Bind(run.Id).Bind(path).Bind(name).Bind(since)
            .Bind(account).Bind(claim.Breaker is null ? null : Breakers.NameOf(run, claim)).Bind(now)
            .Bind(account).Bind(name)
            .First(row => new Bucket(claim, name, row.Long(0), row.TimeOrNull(1), IsHeld: !row.IsNull(2), IsBroken: !row.IsNull(3)))!;
    }

    // Tokens run out in the order in which they were taken. So there is room unless the one Max places back is still good; there is
    // room again when it runs out, for the next one in the queue when the one behind it does.
    private static DateTimeOffset? FreeAt(WriterConnection db, long account, Bucket bucket, DateTimeOffset now)
    {
        var claim = bucket.Claim;
        if (claim.Max <= 0)
        {
            return now + claim.Within;
        }

        return bucket.Oldest is not { } oldest ? null
            : claim.SkipWhenEmpty ? oldest + claim.Within
            : db.Waiting.Join($"{account}/{bucket.Name}", claim, now, TakenAt);

        DateTimeOffset TakenAt(int token) => db.Sql("select at from budget_tokens where account = ? and bucket = ? and number = ?")
            .Bind(account).Bind(bucket.Name).Bind(bucket.Last - claim.Max + 1 + token).First(static row => (DateTimeOffset?)row.Time(0))!.Value;
    }

    private static string NameOf(Run run, BudgetClaim claim) => IndexKey.Of(run.IsDryRun ? DryRuns.Prefix + claim.Bucket : claim.Bucket);

    /// <summary>How a bucket stands.</summary>
    /// <param name="Claim">What is asked of it.</param>
    /// <param name="Name">Its name in the table.</param>
    /// <param name="Last">The number of its newest token; 0 when its tokens are all dropped: they begin anew then.</param>
    /// <param name="Oldest">When the token as many places back as there may be was taken; null when there is none, or it has run out.</param>
    /// <param name="IsHeld">Whether the step has a token that is still good.</param>
    /// <param name="IsBroken">Whether the claim's breaker is open.</param>
    private sealed record Bucket(BudgetClaim Claim, string Name, long Last, DateTimeOffset? Oldest, bool IsHeld, bool IsBroken);
}
