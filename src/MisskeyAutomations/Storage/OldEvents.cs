namespace MisskeyAutomations.Storage;

/// <summary>Drops deliveries, and all that is about them, within a span of their numbers.</summary>
internal static class OldEvents
{
    // What is stale because the clock stood in the past is decided anew once that is set right, and is kept for that, but 90 days longer than the rest at most: its
    // time is its sender's word, and may be the year 9999. Nobody works on it, no run has yet to read it, and no person is asked about it.
    private const string IsDone = """
        d.id > ? and d.id <= ? and d.state <> 0
            and case when d.state <> 4 or d.created_at <= d.received_at then d.received_at
                when d.created_at > d.received_at + 7776000000 then d.received_at + 7776000000 else d.created_at end <= ?
            and not exists (select 1 from heard h where h.delivery = d.id)
            and not exists (select 1 from runs r where r.delivery = d.id and (r.state < 4
                or exists (select 1 from steps s where s.run = r.id and s.state in (1, 2))
                or exists (select 1 from deaths x where x.kind = 1 and x.id = r.id)))
        """;

    // What was set aside keeps its body for as long as it is there. Only what ended the engine, or was too much for it, has no type and stays: what merely lacks
    // what its type must bring is as much as a sender likes. A run that waited for weeks is told about for as long as one that ended at once. The newest of all stay: SQLite gives numbers above the highest that
    // is there, and one that was given before would be taken for what it was.
    private const string Events = $"""
        select d.id from deliveries d where {IsDone} and (d.state <> 5 or d.type <> '')
            and d.id < (select max(id) from deliveries) and d.id <> coalesce((select r.delivery from runs r where r.id = (select max(id) from runs)), 0)
            and not exists (select 1 from runs r join steps s on s.run = r.id where r.delivery = d.id and s.at > ?)
        """;

    /// <summary>Drops the requests as they came. How many.</summary>
    public static int DropBodies(WriterConnection db, long after, long last, DateTimeOffset until)
    {
        const string Sql = $"delete from bodies where delivery in (select d.id from deliveries d where {IsDone} and d.state <> 5)";
        return db.Sql(Sql).Bind(after).Bind(last).Bind(until).RunAndCount();
    }

    /// <summary>Drops those of direct notes. How many.</summary>
    public static int DropPrivateBodies(WriterConnection db, long after, long last, DateTimeOffset until)
    {
        const string Sql = $"""
            delete from bodies where delivery in
                (select d.id from private_deliveries p cross join deliveries d where d.id = p.delivery and p.delivery > ? and p.delivery <= ? and {IsDone} and d.state <> 5)
            """;
        const string Forget = """
            delete from private_deliveries where delivery > ? and delivery <= ? and not exists (select 1 from bodies b where b.delivery = private_deliveries.delivery)
            """;
        var dropped = db.Sql(Sql).Bind(after).Bind(last).Bind(after).Bind(last).Bind(until).RunAndCount();
        db.Sql(Forget).Bind(after).Bind(last).Run();
        return dropped;
    }

    /// <summary>Drops all about the events; what limits and budgets still count stays. How many.</summary>
    public static int Drop(WriterConnection db, long after, long last, DateTimeOffset until)
    {
        // In this order: what is deleted later finds what is to be deleted by what is still there.
        const string Steps = $"delete from steps where run in (select r.id from runs r where r.delivery in ({Events}))";
        const string Lookups = $"delete from lookups where run in (select r.id from runs r where r.delivery in ({Events}))";
        const string Runs = $"delete from runs where delivery in ({Events})";
        const string Reports = $"delete from reports where event in ({Events})";
        const string Subjects = $"delete from subjects where delivery in ({Events})";
        const string Bodies = $"delete from bodies where delivery in ({Events})";
        const string Privates = $"delete from private_deliveries where delivery in ({Events})";
        const string Deaths = $"delete from deaths where kind = 0 and id in ({Events})";
        const string Deliveries = $"delete from deliveries where id in ({Events})";
        foreach (var sql in (string[])[Lookups, Steps, Runs, Reports, Subjects, Bodies, Privates, Deaths])
        {
            db.Sql(sql).Bind(after).Bind(last).Bind(until).Bind(until).Run();
        }

        return db.Sql(Deliveries).Bind(after).Bind(last).Bind(until).Bind(until).RunAndCount();
    }
}
