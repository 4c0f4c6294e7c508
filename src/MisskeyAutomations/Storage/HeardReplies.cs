using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The replies that belong to runs.</summary>
internal static class HeardReplies
{
    /// <summary>The unfinished runs that made the note which is answered, or are on their way to.</summary>
    public static IReadOnlyList<long> FindAnswered(StoreReaders readers, string account, JsonElement parent) => readers.Read(connection =>
    {
        const string OnItsWay = $"""
            select s.run as Run, s.intent as Intent from steps s indexed by steps_posting join runs r on r.id = s.run join accounts a on a.id = r.account
            where {StepRows.ArePosting} and r.state < 4 and a.name = @account order by s.run
            """;
        const string Made = """
            select distinct r.id from steps s join runs r on r.id = s.run join accounts a on a.id = r.account
            where s.object = @id and r.state < 4 and a.name = @account and s.kind not in ('follow', 'unfollow') order by r.id
            """;

        // In this order: what ceases to be on its way between the two looks is found made by the second.
        var making = connection.Query<(long Run, string Intent)>(OnItsWay, new { account }, buffered: false)
            .Where(step => StepRows.ReadIntent(step.Intent) is { Endpoint: "notes/create" } intent && Hearing.AsksFor(intent.Body, parent))
            .Select(step => step.Run).ToList();
        var made = parent.GetText("id") is { } id ? connection.Query<long>(Made, new { account, id }) : [];
        return (IReadOnlyList<long>)[.. made.Concat(making).Distinct()];
    });

    /// <summary>
    /// Gives a run a reply; null when the run has ended meanwhile. When it waits for one, it is claimed and returned to go on; otherwise it
    /// takes the reply when it gets to it, and there is nothing to return.
    /// </summary>
    public static IReadOnlyList<Run>? Add(WriterConnection db, long runId, long delivery, long lease, DateTimeOffset now)
    {
        if (db.Sql("select 1 from runs where id = ? and state < 4").Bind(runId).Number() is null)
        {
            return null;
        }

        db.Sql("insert into heard (run, number, delivery) values (?, (select coalesce(max(number), 0) + 1 from heard where run = ?), ?)")
            .Bind(runId).Bind(runId).Bind(delivery).Run();
        var isWoken = db.Sql("update runs set due_at = ?, wake_at = ? where id = ? and state = 1 and waits_for = ?")
            .Bind(now).Bind(now).Bind(runId).Bind((long)WaitReason.Reply).RunAndCount() > 0;
        return isWoken && RunRows.Claim(db, runId, lease, now) is { } run ? [run] : [];
    }

    /// <summary>The delivery of a run's reply with this number; null when it has not come.</summary>
    public static long? Find(WriterConnection db, long runId, int number) =>
        db.Sql("select delivery from heard where run = ? and number = ?").Bind(runId).Bind(number).Number();
}
