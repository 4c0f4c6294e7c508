using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>What the tables hold about turns and places, for one operation of the writer.</summary>
internal sealed class StoredAdmissions(WriterConnection db) : Admissions
{
    /// <summary>What unfinished runs must not share. Dry runs are apart from real ones.</summary>
    public static string TurnKey(WriterConnection db, Run run, OverlapClaim overlap) =>
        $"{db.Names.Account(run.Account)}/{db.Names.Rule(run.RuleName)}/{(run.IsDryRun ? DryRuns.Prefix : "")}{overlap.Key}";

    /// <inheritdoc/>
    protected override bool HasTurn(Run run) =>
        run.Id != 0 && db.Sql("select 1 from runs where id = ? and overlap is not null and queued = 0").Bind(run.Id).Number() is not null;

    /// <inheritdoc/>
    protected override IReadOnlyList<long> Unfinished(Run run, OverlapClaim overlap)
    {
        const string Sql = """
            select id from runs indexed by runs_overlapping
            where overlap = ? and state < 4 and id <> ? and not (state = 1 and waits_for = ? and due_at is null)
            order by id
            """;
        return db.Sql(Sql).Bind(TurnKey(db, run, overlap)).Bind(run.Id).Bind((long)WaitReason.Uncertain).All(static row => row.Long(0));
    }

    /// <inheritdoc/>
    protected override Place? FindPlace(Run run, LimitClaim claim, IReadOnlyList<long> replaced)
    {
        Place? found = null;
        foreach (var holder in run.Id == 0 ? replaced : [run.Id, .. replaced])
        {
            const string Sql = "select at, promised from limit_places where run = ? and rule = ? and key = ?";
            var place = db.Sql(Sql).Bind(holder).Bind(db.Names.Rule(run.RuleName)).Bind(LimitPlaces.Key(db, run, claim.Key))
                .First(static row => (Place?)new Place(row.Time(0), row.Bool(1)));
            found = found is null || (place is { } other && IsBetter(other, found.Value)) ? place ?? found : found;
        }

        return found;
    }

    /// <inheritdoc/>
    protected override int Count(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset since, DateTimeOffset promisedBefore)
    {
        const string Sql = """
            select count(*) from
                (select 1 from limit_places where rule = ? and key = ? and at >= ? and run <> ? and (promised = 0 or at < ?) limit ?) taken
            """;
        var key = LimitPlaces.Key(db, run, claim.Key);
        var count = db.Sql(Sql).Bind(db.Names.Rule(run.RuleName)).Bind(key).Bind(since).Bind(run.Id).Bind(promisedBefore)
            .Bind((long)claim.Max + replaced.Count).Number()!.Value;
        return (int)(count - replaced.Sum(holder => CountOf(holder, run, key, since, promisedBefore)));
    }

    /// <inheritdoc/>
    protected override TakenPlace? Latest(Run run, LimitClaim claim, IReadOnlyList<long> replaced, int number, DateTimeOffset promisedBefore)
    {
        const string Sql = """
            select at, run from limit_places where rule = ? and key = ? and run <> ? and (promised = 0 or at < ?)
            order by at desc, run desc limit ?
            """;
        return db.Sql(Sql).Bind(db.Names.Rule(run.RuleName)).Bind(LimitPlaces.Key(db, run, claim.Key)).Bind(run.Id).Bind(promisedBefore)
            .Bind((long)number + replaced.Count).All(static row => (At: row.Time(0), Run: row.Long(1)))
            .Where(place => !replaced.Contains(place.Run)).Select(static place => (TakenPlace?)new TakenPlace(place.At, place.Run)).ElementAtOrDefault(number - 1);
    }

    private static bool IsBetter(Place one, Place other) => one.IsPromised == other.IsPromised ? one.At < other.At : other.IsPromised;

    private long CountOf(long holder, Run run, string key, DateTimeOffset since, DateTimeOffset promisedBefore) =>
        db.Sql("select count(*) from limit_places where run = ? and rule = ? and key = ? and at >= ? and (promised = 0 or at < ?)")
            .Bind(holder).Bind(db.Names.Rule(run.RuleName)).Bind(key).Bind(since).Bind(promisedBefore).Number()!.Value;
}
