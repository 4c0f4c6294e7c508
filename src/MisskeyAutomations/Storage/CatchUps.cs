using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>What notifications told, and how far they were seen.</summary>
internal static class CatchUps
{
    public static CatchUpMark? FindMark(StoreReaders readers, string account)
    {
        const string Sql = """
            select m."user", m.notification, m.looked_at from catch_up_marks m join accounts a on a.id = m.account where a.name = @account
            """;
        return readers.Read(connection => connection.Query<(string User, string Notification, long LookedAt)>(Sql, new { account })
            .Select(row => new CatchUpMark(account, row.User, row.Notification, DateTimeOffset.FromUnixTimeMilliseconds(row.LookedAt))).FirstOrDefault());
    }

    /// <summary>Adds what is not there or decided yet, and moves the mark.</summary>
    public static CaughtUp Add(WriterConnection db, CatchUpMark mark, IReadOnlyList<ToldEvent> events)
    {
        var (added, known) = (0, 0);
        foreach (var (delivery, subject, at) in events)
        {
            var source = SourceNumbers.Of(delivery.Source);
            var isKnown = Subjects.IsKnown(db, delivery.Account, subject, at, new Origin(db.Names.Hook(delivery.Account, delivery.HookId), source));

            // Of what recurs, only the decision tells how often it happened.
            var isNew = (subject.Recurs || !isKnown) && AddDelivery.Add(db, delivery, source) is not null;
            known += isKnown ? 1 : 0;
            added += isNew && !isKnown ? 1 : 0;
        }

        SaveMark(db, mark);
        return new(added, known);
    }

    private static void SaveMark(WriterConnection db, CatchUpMark mark)
    {
        const string Sql = """
            insert into catch_up_marks (account, "user", notification, looked_at) values (?, ?, ?, ?)
            on conflict (account) do update set "user" = excluded."user", notification = excluded.notification, looked_at = excluded.looked_at
            """;
        db.Sql(Sql).Bind(db.Names.Account(mark.Account)).Bind(mark.UserId).Bind(mark.NotificationId).Bind(mark.LookedAt).Run();
    }
}
