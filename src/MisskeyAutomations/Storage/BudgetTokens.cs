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
        if (Breakers.FindOpen(db, run, claims, now) is { } open)
        {
            return open;
        }

        var account = db.Names.Account(run.Account);
        var missing = claims.Where(claim => !Holds(db, run, path, claim, now)).ToList();
        foreach (var claim in missing)
        {
            if (FreeAt(db, account, run, claim, now) is { } freeAt)
            {
                return claim.Breaker is null ? new BudgetAnswer(claim, freeAt)
                    : new BudgetAnswer(claim, Breakers.Open(db, run, claim, now)) { OpenedBreaker = true };
            }
        }

        foreach (var claim in missing)
        {
            Insert(db, account, run, path, claim, now);
        }

        return BudgetAnswer.Granted;
    }

    private static bool Holds(WriterConnection db, Run run, string path, BudgetClaim claim, DateTimeOffset now) =>
        db.Sql("select 1 from budget_tokens where run = ? and path = ? and bucket = ? and at > ?")
            .Bind(run.Id).Bind(path).Bind(Bucket(run, claim)).Bind(now - claim.Within).Number() is not null;

    // Tokens run out in the order in which they were taken. So there is room unless the one Max places back is still good; there is
    // room again when it runs out, for the next one in the queue when the one behind it does.
    private static DateTimeOffset? FreeAt(WriterConnection db, long account, Run run, BudgetClaim claim, DateTimeOffset now)
    {
        if (claim.Max <= 0)
        {
            return now + claim.Within;
        }

        const string Sql = "select at from budget_tokens where account = ? and bucket = ? and number = ? and at > ?";
        var bucket = Bucket(run, claim);
        var oldest = LastNumber(db, account, bucket) - claim.Max + 1;
        return TakenAt(0) is not { } first ? null
            : claim.SkipWhenEmpty ? first + claim.Within
            : db.Waiting.Join($"{account}/{bucket}", claim, now, token => TakenAt(token)!.Value);

        DateTimeOffset? TakenAt(int token) => db.Sql(Sql).Bind(account).Bind(bucket).Bind(oldest + token).Bind(now - claim.Within)
            .First(static row => (DateTimeOffset?)row.Time(0));
    }

    private static void Insert(WriterConnection db, long account, Run run, string path, BudgetClaim claim, DateTimeOffset now)
    {
        const string Sql = "insert into budget_tokens (account, bucket, number, at, run, path, expires_at) values (?, ?, ?, ?, ?, ?, ?)";
        var bucket = Bucket(run, claim);
        db.Sql(Sql).Bind(account).Bind(bucket).Bind(LastNumber(db, account, bucket) + 1).Bind(now).Bind(run.Id).Bind(path).Bind(now + claim.Within).Run();
    }

    // 0 when the bucket's tokens are all dropped: they begin anew then.
    private static long LastNumber(WriterConnection db, long account, string bucket) =>
        db.Sql("select max(number) from budget_tokens where account = ? and bucket = ?").Bind(account).Bind(bucket).Number() ?? 0;

    private static string Bucket(Run run, BudgetClaim claim) => run.IsDryRun ? DryRuns.Prefix + claim.Bucket : claim.Bucket;
}
