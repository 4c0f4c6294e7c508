using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The places in rules' limits. Runs that only show what they would do have places of their own.</summary>
internal static class LimitPlaces
{
    // A claim says since when places count, not for how long this one will. The longest calendar period is a month.
    private static readonly TimeSpan LongestCalendarPeriod = TimeSpan.FromDays(32);

    // How far back a limit may reach before its places are kept for ever.
    private static readonly TimeSpan Ever = TimeSpan.FromDays(3_660);

    /// <summary>What is counted apart in the table: limits count per account.</summary>
    public static string Key(WriterConnection db, Run run, string key) => Prefix(db, run, run.IsDryRun) + key;

    /// <summary>Takes a place in every limit from a moment on; a run that has one there keeps it, and takes up one that was promised to it.</summary>
    public static IReadOnlyList<Ring> Take(WriterConnection db, Run run, IReadOnlyList<LimitClaim> claims, DateTimeOffset at, bool isPromised, DateTimeOffset now)
    {
        var rule = db.Names.Rule(run.RuleName);
        var rings = new List<Ring>();
        foreach (var claim in claims)
        {
            var key = Key(db, run, claim.Key);
            var expiresAt = ExpiryOf(claim, at, now);

            const string Find = "select at, promised from limit_places where run = ? and rule = ? and key = ?";
            if (db.Sql(Find).Bind(run.Id).Bind(rule).Bind(key).First(static row => new Own(row.Time(0), row.Bool(1))) is not { } own)
            {
                db.Sql("insert into limit_places (rule, key, at, run, expires_at, promised) values (?, ?, ?, ?, ?, ?)")
                    .Bind(rule).Bind(key).Bind(at).Bind(run.Id).Bind(expiresAt).Bind(isPromised).Run();
                continue;
            }

            // Null is for ever: a place that one limit counts for ever is never dropped.
            const string Keep = """
                update limit_places set at = ?, promised = ?, expires_at = case when expires_at >= ? then expires_at when expires_at is null then null else ? end
                where run = ? and rule = ? and key = ?
                """;
            var turn = own.IsPromised && !(isPromised && own.At < at) ? at : own.At;
            db.Sql(Keep).Bind(turn).Bind(own.IsPromised && isPromised).Bind(expiresAt).Bind(expiresAt).Bind(run.Id).Bind(rule).Bind(key).Run();
            if (own.IsPromised && own.At > at)
            {
                rings.AddRange(RingNext(db, rule, key, own.At, run.Id, now));
            }
        }

        return rings;
    }

    /// <summary>Hands the places that a run needs over to it from those that it replaces; they keep their time. The others are given back.</summary>
    public static IReadOnlyList<Ring> HandOver(WriterConnection db, Run run, IReadOnlyList<long> replaced, IReadOnlyList<LimitClaim> claims, DateTimeOffset now)
    {
        var rule = db.Names.Rule(run.RuleName);
        var rings = new List<Ring>();
        foreach (var key in claims.Select(claim => Key(db, run, claim.Key)).Distinct(StringComparer.Ordinal))
        {
            var first = replaced.SelectMany(old => db.Sql("select promised, at, run from limit_places where run = ? and rule = ? and key = ?")
                .Bind(old).Bind(rule).Bind(key).All(static row => (IsPromised: row.Long(0), At: row.Long(1), Run: row.Long(2)))).Order().FirstOrDefault();
            if (first.Run != 0)
            {
                const string Move = "update limit_places set run = ?, kept = case when kept = 1 then 1 else ? end where run = ? and rule = ? and key = ?";
                db.Sql(Move).Bind(run.Id).Bind(MayHaveActed(db, first.Run)).Bind(first.Run).Bind(rule).Bind(key).Run();
            }
        }

        foreach (var old in replaced.Where(old => !MayHaveActed(db, old)))
        {
            rings.AddRange(GiveBack(db, old, now));
        }

        return rings;
    }

    /// <summary>Gives back what a run took that ended without effect. Whoever waits for a place there is due.</summary>
    public static IReadOnlyList<Ring> GiveBack(WriterConnection db, long runId, DateTimeOffset now) => GiveBack(db, runId, null, now);

    /// <summary>Gives back the real places of a run that became a dry run before it had an effect.</summary>
    public static IReadOnlyList<Ring> GiveBackReal(WriterConnection db, Run run, DateTimeOffset now) => GiveBack(db, run.Id, Prefix(db, run, isDryRun: true), now);

    private static List<Ring> GiveBack(WriterConnection db, long runId, string? exceptPrefix, DateTimeOffset now)
    {
        var places = db.Sql("select rule, key from limit_places where run = ? and kept = 0").Bind(runId)
            .All(static row => (Rule: row.Long(0), Key: row.Text(1)));
        var rings = new List<Ring>();
        foreach (var (rule, key) in places.Where(place => exceptPrefix is null || !place.Key.StartsWith(exceptPrefix, StringComparison.Ordinal)))
        {
            db.Sql("delete from limit_places where run = ? and rule = ? and key = ?").Bind(runId).Bind(rule).Bind(key).Run();
            rings.AddRange(RingNext(db, rule, key, DateTimeOffset.UnixEpoch, runId, now));
        }

        return rings;
    }

    // Whose turn is next after that of a run asks again, and tells the next in turn when it moved.
    private static IEnumerable<Ring> RingNext(WriterConnection db, long rule, string key, DateTimeOffset turn, long runId, DateTimeOffset now)
    {
        const string Find = """
            select run from limit_places indexed by limit_places_promised
            where rule = ? and key = ? and promised = 1 and (at, run) > (?, ?) order by at, run limit 1
            """;
        if (db.Sql(Find).Bind(rule).Bind(key).Bind(turn).Bind(runId).Number() is not { } first)
        {
            return [];
        }

        const string Wake = "update runs set due_at = ?, wake_at = ? where id = ? and state = 1 and waits_for = ?";
        return db.Sql(Wake).Bind(now).Bind(now).Bind(first).Bind((long)WaitReason.Place).RunAndCount() == 0 ? [] : [new(first, now)];
    }

    private static bool MayHaveActed(WriterConnection db, long runId) =>
        db.Sql("select 1 from steps where run = ? and (had_effect = 1 or state = ?) limit 1").Bind(runId).Bind((long)StepState.Intended).Number() is not null;

    private static string Prefix(WriterConnection db, Run run, bool isDryRun) => $"{db.Names.Account(run.Account)}/{(isDryRun ? DryRuns.Prefix : "")}";

    private static DateTimeOffset? ExpiryOf(LimitClaim claim, DateTimeOffset at, DateTimeOffset now)
    {
        var reach = now - claim.Since;
        return reach > Ever ? null : at + (reach > LongestCalendarPeriod ? reach : LongestCalendarPeriod);
    }

    private sealed record Own(DateTimeOffset At, bool IsPromised);
}

/// <summary>What runs that only show what they would do are kept apart by.</summary>
internal static class DryRuns
{
    /// <summary>Before the keys of limits and the names of budgets.</summary>
    public const string Prefix = "dry:";
}
