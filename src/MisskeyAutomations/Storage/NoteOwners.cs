using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Whose the account's own notes are.</summary>
internal static class NoteOwners
{
    /// <summary>The own notes that deliveries told of after the run's, received since then.</summary>
    public static IReadOnlyList<JsonElement> ListReceipts(StoreReaders readers, Run run, DateTimeOffset since)
    {
        const string Sql = """
            select b.body, d.scrubbed from deliveries d
            cross join hooks h cross join accounts a cross join bodies b
            where h.id = d.hook and a.id = h.account and b.delivery = d.id and d.id >= @first and d.received_at >= @since and d.type = 'note' and a.name = @account
            """;
        return readers.Read(connection =>
        {
            // A run may have waited for weeks: what came before its post is not gone through.
            var newest = connection.ExecuteScalar<long>("select coalesce(max(id), 0) from deliveries");
            var first = ArrivalTimes.FirstAfter(connection, since - ArrivalTimes.Disorder, run.DeliveryId + 1, newest + 1);
            return connection.Query<(byte[] Body, bool Scrubbed)>(Sql, new { first, since = since.ToUnixTimeMilliseconds(), account = run.Account })
                .Select(row => ScrubbedJson.Parse(row.Body, row.Scrubbed).FindObject("body")?.FindObject("note")).OfType<JsonElement>().ToList();
        });
    }

    /// <summary>The account's other steps whose posts are intended or uncertain.</summary>
    public static IReadOnlyList<Step> ListOnTheirWay(StoreReaders readers, Run run, Step step)
    {
        const string Sql = $"""
            select s.path, s.kind, s.state, s.intent, s.at from steps s indexed by steps_posting
            join runs r on r.id = s.run join accounts a on a.id = r.account
            where {StepRows.ArePosting} and a.name = @account and not (s.run = @run and s.path = @path)
            """;
        return readers.Read(connection => connection
            .Query<(string Path, string Kind, long State, string Intent, long At)>(Sql, new { account = run.Account, run = run.Id, path = step.Path })
            .Select(row => new Step
            {
                Path = row.Path,
                Kind = row.Kind,
                State = (StepState)row.State,
                Intent = StepRows.ReadIntent(row.Intent),
                At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            })
            .Where(other => other.Intent!.Endpoint == NoteLikeness.Endpoint).ToList());
    }

    /// <summary>The other steps that own these notes, by the note's id.</summary>
    public static IReadOnlyDictionary<string, Maker> FindMakers(StoreReaders readers, Run run, Step step, IReadOnlyList<string> noteIds)
    {
        // A step that was answered has nothing to say about it; one whose note was found says so.
        const string Sql = """
            select object, at, reason is null from steps
            where object in @noteIds and kind not in ('follow', 'unfollow') and not (run = @run and path = @path)
            """;
        return readers.Read(connection => connection
            .Query<(string Id, long At, bool WasAnswered)>(Sql, new { noteIds, run = run.Id, path = step.Path })
            .DistinctBy(row => row.Id, StringComparer.Ordinal)
            .ToDictionary(row => row.Id, row => new Maker(DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.WasAnswered), StringComparer.Ordinal));
    }

    /// <summary>Saves the step as the owner of a note; false when another step owns it by now.</summary>
    public static bool SaveFound(WriterConnection db, Run run, Step step, string noteId, long lease, DateTimeOffset now)
    {
        const string Sql = "select 1 from steps where object = ? and kind not in ('follow', 'unfollow') and not (run = ? and path = ?)";
        RunRows.Renew(db, run, lease, now);
        if (db.Sql(Sql).Bind(noteId).Bind(run.Id).Bind(step.Path).Number() is not null)
        {
            return false;
        }

        StepRows.Save(db, run.Id, step);
        return true;
    }
}
