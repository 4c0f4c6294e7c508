using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Who followed each account when its followers were last compared.</summary>
internal static class FollowerLists
{
    public static FollowerMark? FindMark(StoreReaders readers, string account)
    {
        const string Sql = """
            select m."user", m.compared_at, (select count(*) from followers f where f.account = m.account) as number
            from follower_marks m join accounts a on a.id = m.account where a.name = @account
            """;
        return readers.Read(connection => connection.Query<(string User, long ComparedAt, long Number)>(Sql, new { account })
            .Select(row => new FollowerMark(account, row.User, DateTimeOffset.FromUnixTimeMilliseconds(row.ComparedAt), (int)row.Number)).FirstOrDefault());
    }

    public static IReadOnlyList<Follower> List(StoreReaders readers, string account)
    {
        const string Sql = """select f."user", f.follow from followers f join accounts a on a.id = f.account where a.name = @account""";
        return readers.Read(connection => connection.Query<(string User, string Follow)>(Sql, new { account }).Select(row => new Follower(row.User, row.Follow)).ToList());
    }

    /// <summary>Takes who left from the list and adds who came, together with the deliveries that tell of it, and the mark where there is one.</summary>
    public static int Change(WriterConnection db, FollowerChange change)
    {
        var account = db.Names.Account(change.Account);
        foreach (var (user, follow) in change.Left)
        {
            db.Sql("""delete from followers where account = ? and "user" = ? and follow = ?""").Bind(account).Bind(user).Bind(follow).Run();
        }

        foreach (var (user, follow) in change.Came)
        {
            const string Sql = """
                insert into followers (account, "user", follow) values (?, ?, ?) on conflict (account, "user") do update set follow = excluded.follow
                """;
            db.Sql(Sql).Bind(account).Bind(user).Bind(follow).Run();
        }

        if (change.Mark is { } mark)
        {
            const string Sql = """
                insert into follower_marks (account, "user", compared_at) values (?, ?, ?)
                on conflict (account) do update set "user" = excluded."user", compared_at = excluded.compared_at
                """;
            db.Sql(Sql).Bind(account).Bind(mark.UserId).Bind(mark.ComparedAt).Run();
        }

        return change.Told.Count(delivery => AddDelivery.Add(db, delivery, SourceNumbers.Of(delivery.Source)) is not null);
    }
}
