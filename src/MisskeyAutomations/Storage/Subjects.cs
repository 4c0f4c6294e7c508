using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>What was decided already. Two deliveries of one subject are one event.</summary>
internal static class Subjects
{
    /// <summary>
    /// Whether the decision is the first about its subject, which it then takes; otherwise <paramref name="first"/> is the delivery that
    /// was.
    /// </summary>
    public static bool Claim(WriterConnection db, Decision decision, Subject subject, Origin origin, out long first)
    {
        var account = db.Names.Account(decision.Account);
        return subject.Recurs
            ? ClaimRecurring(db, decision, subject.Key, account, origin, out first)
            : ClaimOnce(db, decision, subject.Key, account, out first);
    }

    /// <summary>
    /// Whether another source has told what is told now. Of what recurs that is a good guess only: the reports before it in the same lot
    /// are not counted.
    /// </summary>
    public static bool IsKnown(WriterConnection db, string account, Subject subject, DateTimeOffset eventAt, Origin origin) => subject.Recurs
        ? FindReport(db, db.Names.Account(account), subject.Key, eventAt.ToUnixTimeMilliseconds(), origin) is not null
        : db.Sql("select 1 from subjects where account = ? and key = ? and readable = 1").Bind(db.Names.Account(account)).Bind(subject.Key).Number() is not null;

    /// <summary>The delivery for which the rule of a run was started on this note already, at another place or for what it means; null when there is none, and then it is this one.</summary>
    public static long? FindOtherRun(WriterConnection db, Run run, string note)
    {
        const string Take = """
            insert into subjects (account, key, delivery, readable) values (?, ?, ?, 1) on conflict (account, key) do nothing
            """;
        var (account, key) = (db.Names.Account(run.Account), IndexKey.Of($"once:{run.RuleName}:{note}"));
        if (db.Sql(Take).Bind(account).Bind(key).Bind(run.DeliveryId).RunAndCount() == 1)
        {
            return null;
        }

        var first = db.Sql("select delivery from subjects where account = ? and key = ?").Bind(account).Bind(key).Number();
        return first == run.DeliveryId ? null : first;
    }

    // A first copy that could not be read leaves its subject to one that can.
    private static bool ClaimOnce(WriterConnection db, Decision decision, string key, long account, out long first)
    {
        const string Take = """
            insert into subjects (account, key, delivery, readable) values (?, ?, ?, ?)
            on conflict (account, key) do update set delivery = excluded.delivery, readable = 1
                where subjects.readable = 0 and excluded.readable = 1
            """;
        if (db.Sql(Take).Bind(account).Bind(key).Bind(decision.DeliveryId).Bind(decision.IsReadable).RunAndCount() == 1)
        {
            first = decision.DeliveryId;
            return true;
        }

        first = db.Sql("select delivery from subjects where account = ? and key = ?").Bind(account).Bind(key).Number()!.Value;
        return false;
    }

    // Every hook or source reports an event once. So this report belongs to the nearest event within the window that its own hook or
    // source has not reported yet; if there is none, it is a new event.
    private static bool ClaimRecurring(WriterConnection db, Decision decision, string key, long account, Origin origin, out long first)
    {
        var at = decision.EventAt.ToUnixTimeMilliseconds();
        var reported = FindReport(db, account, key, at, origin);
        first = reported ?? decision.DeliveryId;
        db.Sql("insert into reports (account, key, event_at, delivery, event, hook, source) values (?, ?, ?, ?, ?, ?, ?)")
            .Bind(account).Bind(key).Bind(at).Bind(decision.DeliveryId).Bind(first).Bind(origin.Hook).Bind(origin.Source).Run();
        return reported is null;
    }

    private static long? FindReport(WriterConnection db, long account, string key, long at, Origin origin)
    {
        const string Find = """
            select r.delivery from reports r
            where r.account = ? and r.key = ? and r.event_at between ? and ? and r.event = r.delivery
                and not exists (select 1 from reports o where o.event = r.event and o.hook = ? and o.source = ?)
            order by abs(r.event_at - ?)
            limit 1
            """;
        var window = (long)Subject.Window.TotalMilliseconds;
        return db.Sql(Find).Bind(account).Bind(key).Bind(at - window).Bind(at + window).Bind(origin.Hook).Bind(origin.Source).Bind(at).Number();
    }
}
