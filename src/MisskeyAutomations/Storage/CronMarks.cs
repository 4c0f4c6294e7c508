using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Until when the times of each cron trigger are settled.</summary>
internal static class CronMarks
{
    public static IReadOnlyList<CronMark> List(StoreReaders readers) => readers.Read(connection => connection
        .Query<(string Rule, string Trigger, long At)>("select rule, trigger, at from cron_marks")
        .Select(row => new CronMark(row.Rule, row.Trigger, DateTimeOffset.FromUnixTimeMilliseconds(row.At))).ToList());

    /// <summary>Puts these in place of all that are there.</summary>
    public static int Replace(WriterConnection db, IReadOnlyList<CronMark> marks)
    {
        db.Sql("delete from cron_marks").Run();
        foreach (var mark in marks)
        {
            db.Sql("insert into cron_marks (rule, trigger, at) values (?, ?, ?)").Bind(mark.Rule).Bind(mark.Trigger).Bind(mark.At).Run();
        }

        return marks.Count;
    }
}
