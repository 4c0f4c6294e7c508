using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Whom an account does not answer for now, because both answered each other too often. Outlives restarts.</summary>
internal static class Breakers
{
    /// <summary>Opens the claim's breaker, or keeps it open. When it closes if nobody asks any more.</summary>
    public static DateTimeOffset Open(WriterConnection db, Run run, BudgetClaim claim, DateTimeOffset now)
    {
        const string Sql = """
            insert into breakers (account, name, until) values (?, ?, ?)
            on conflict (account, name) do update set until = excluded.until where breakers.until < excluded.until
            """;
        var until = now + claim.Within;
        db.Sql(Sql).Bind(db.Names.Account(run.Account)).Bind(NameOf(run, claim)).Bind(until).Run();
        return until;
    }

    /// <summary>The name of the claim's breaker in the table.</summary>
    public static string NameOf(Run run, BudgetClaim claim) => run.IsDryRun ? DryRuns.Prefix + claim.Breaker : claim.Breaker!;
}
