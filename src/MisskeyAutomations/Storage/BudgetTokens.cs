using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The tokens of accounts' budgets and reply caps, counted over sliding spans. Dry runs have tokens of their own.</summary>
internal static class BudgetTokens
{
    /// <summary>Takes a token of every bucket for the step, or of none when one is empty. A step that holds a token keeps it.</summary>
    public static BudgetAnswer Take(WriterConnection db, Run run, string path, IReadOnlyList<BudgetClaim> claims, DateTimeOffset now)
    {
        var account = db.Names.Account(run.Account);
        foreach (var claim in claims)
        {
            if (FreeAt(db, account, run, path, claim, now) is { } freeAt)
            {
                return new BudgetAnswer(claim, freeAt);
            }
        }

        foreach (var claim in claims)
        {
            Insert(db, account, run, path, claim, now);
        }

        return BudgetAnswer.Granted;
    }

    // The bucket has room again when enough of the newest tokens are all that is left: the one at place Max must have run out.
    private static DateTimeOffset? FreeAt(WriterConnection db, long account, Run run, string path, BudgetClaim claim, DateTimeOffset now)
    {
        if (claim.Max <= 0)
        {
            return now + claim.Within;
        }

        const string Sql = """
            select at from budget_tokens
            where account = ? and bucket = ? and at > ? and not (run = ? and path = ?)
            order by at desc
            limit 1 offset ?
            """;
        return db.Sql(Sql).Bind(account).Bind(Bucket(run, claim)).Bind(now - claim.Within).Bind(run.Id).Bind(path).Bind(claim.Max - 1)
            .First(static row => (DateTimeOffset?)row.Time(0)) + claim.Within;
    }

    // The token of an earlier attempt of the same step moves to now: it is one deed.
    private static void Insert(WriterConnection db, long account, Run run, string path, BudgetClaim claim, DateTimeOffset now)
    {
        var bucket = Bucket(run, claim);
        const string Earlier = "select max(expires_at) from budget_tokens where account = ? and bucket = ? and run = ? and path = ?";
        var earlier = db.Sql(Earlier).Bind(account).Bind(bucket).Bind(run.Id).Bind(path).First(static row => row.TimeOrNull(0));
        if (earlier is not null)
        {
            db.Sql("delete from budget_tokens where account = ? and bucket = ? and run = ? and path = ?")
                .Bind(account).Bind(bucket).Bind(run.Id).Bind(path).Run();
        }

        var expiresAt = now + claim.Within;
        db.Sql("insert into budget_tokens (account, bucket, at, run, path, expires_at) values (?, ?, ?, ?, ?, ?)")
            .Bind(account).Bind(bucket).Bind(now).Bind(run.Id).Bind(path).Bind(earlier > expiresAt ? earlier : expiresAt).Run();
    }

    private static string Bucket(Run run, BudgetClaim claim) => run.IsDryRun ? DryRuns.Prefix + claim.Bucket : claim.Bucket;
}
