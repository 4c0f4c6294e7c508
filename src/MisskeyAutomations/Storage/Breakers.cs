using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Whom an account does not answer for now, because both answered each other too often. Outlives restarts.</summary>
internal static class Breakers
{
    /// <summary>The first claim whose breaker is open; each of them stays open for another while.</summary>
    public static BudgetAnswer? FindOpen(WriterConnection db, Run run, IReadOnlyList<BudgetClaim> claims, DateTimeOffset now)
    {
        var account = db.Names.Account(run.Account);
        var open = claims.FirstOrDefault(claim => claim.Breaker is not null
            && db.Sql("select 1 from breakers where account = ? and name = ? and until > ?").Bind(account).Bind(Name(run, claim)).Bind(now).Number() is not null);
        return open is null ? null : new BudgetAnswer(open, Open(db, run, open, now));
    }

    /// <summary>Opens the claim's breaker, or keeps it open. When it closes if nobody asks any more.</summary>
    public static DateTimeOffset Open(WriterConnection db, Run run, BudgetClaim claim, DateTimeOffset now)
    {
        const string Sql = """
            insert into breakers (account, name, until) values (?, ?, ?)
            on conflict (account, name) do update set until = excluded.until where breakers.until < excluded.until
            """;
        var until = now + claim.Within;
        db.Sql(Sql).Bind(db.Names.Account(run.Account)).Bind(Name(run, claim)).Bind(until).Run();
        return until;
    }

    private static string Name(Run run, BudgetClaim claim) => run.IsDryRun ? DryRuns.Prefix + claim.Breaker : claim.Breaker!;
}
