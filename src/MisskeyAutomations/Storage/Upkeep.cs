using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Drops what nobody needs any more, a little at a time: each step is one operation among those of others.</summary>
internal sealed partial class Upkeep(Store store, TimeProvider time, ILogger<Upkeep> logger) : BackgroundService
{
    private const int StepSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Drops all that can be dropped now. The number of rows.</summary>
    public async Task<int> TidyAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        foreach (var step in (Func<WriterConnection, int>[])[DropTokens, DropBreakers, DropPlaces, DropRuleTexts, DropState, DropHeard, DropMinutes, DropHours])
        {
            int dropped;
            do
            {
                dropped = await store.Writer.RunAsync(step, cancellationToken);
                total += dropped;
            }
            while (dropped == StepSize);
        }

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TidyAsync(stoppingToken);
            }
            catch (StoreUnavailableException error)
            {
                LogPutOff(error);
            }
        }
    }

    private int DropTokens(WriterConnection db)
    {
        const string Sql = """
            delete from budget_tokens where (account, bucket, number) in
                (select account, bucket, number from budget_tokens where expires_at <= ? limit ?)
            """;
        return db.Sql(Sql).Bind(store.Time.GetUtcNow()).Bind(StepSize).RunAndCount();
    }

    private int DropBreakers(WriterConnection db) => db.Sql(
        "delete from breakers where (account, name) in (select account, name from breakers where until <= ? limit ?)").Bind(store.Time.GetUtcNow()).Bind(StepSize).RunAndCount();

    private int DropPlaces(WriterConnection db)
    {
        const string Sql = """
            delete from limit_places where (rule, key, at, run) in
                (select rule, key, at, run from limit_places where expires_at <= ? limit ?)
            """;
        return db.Sql(Sql).Bind(store.Time.GetUtcNow()).Bind(StepSize).RunAndCount();
    }

    // The next run of the rule stores its text again. Runs that were set aside are taken up under the text that they began with.
    private static int DropRuleTexts(WriterConnection db)
    {
        const string Sql = """
            update rule_versions set text = null where id in
                (select v.id from rule_versions v where v.text is not null
                    and not exists (select 1 from runs r indexed by runs_unfinished where r.version = v.id and r.state < 4)
                    and not exists (select 1 from deaths x join runs r on r.id = x.id where x.kind = 1 and r.version = v.id)
                limit ?)
            """;
        var dropped = db.Sql(Sql).Bind(StepSize).RunAndCount();
        if (dropped > 0)
        {
            db.Names.Forget();
        }

        return dropped;
    }

    private int DropState(WriterConnection db)
    {
        const string Sql = """
            delete from state where (account, dry_run, scope, key) in
                (select account, dry_run, scope, key from state where expires_at <= ? limit ?)
            """;
        return store.Writer.IsClockSettled ? db.Sql(Sql).Bind(store.Time.GetUtcNow()).Bind(StepSize).RunAndCount() : 0;
    }

    // What a run took is in its steps.
    private static int DropHeard(WriterConnection db)
    {
        const string Sql = """
            delete from heard where (run, number) in
                (select h.run, h.number from heard h where not exists (select 1 from runs r where r.id = h.run and r.state < 4) limit ?)
            """;
        return db.Sql(Sql).Bind(StepSize).RunAndCount();
    }

    private int DropMinutes(WriterConnection db)
    {
        const string Sql = """
            delete from activity where (span, at, account, rule, what) in
                (select span, at, account, rule, what from activity where span = 0 and at < ? limit ?)
            """;
        return db.Sql(Sql).Bind(store.Time.GetUtcNow() - Activity.MinutesKept).Bind(StepSize).RunAndCount();
    }

    private int DropHours(WriterConnection db)
    {
        const string Sql = """
            delete from activity where (span, at, account, rule, what) in
                (select span, at, account, rule, what from activity where span = 1 and at < ? limit ?)
            """;
        return db.Sql(Sql).Bind(store.Time.GetUtcNow() - Activity.HoursKept).Bind(StepSize).RunAndCount();
    }

    [LoggerMessage(EventId = 1211, Level = LogLevel.Warning, Message = "Tidying up the store was put off")]
    private partial void LogPutOff(Exception error);
}
