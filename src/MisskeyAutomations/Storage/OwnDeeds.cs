using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Tells events that the account itself made, by a rule, from those that a person made.</summary>
internal static class OwnDeeds
{
    // Following the same person by hand a week later is no deed of the rule.
    private static readonly TimeSpan SameDeed = TimeSpan.FromMinutes(5);

    // Misskey's last attempt comes this late.
    private static readonly TimeSpan LastAttempt = TimeSpan.FromMinutes(15);

    public static bool IsOne(StoreReaders readers, OwnDeed deed, DateTimeOffset now) => readers.Read(connection => deed.Endpoint switch
    {
        // In this order: what ceases to be on its way between the two looks is found made by the second.
        "notes/create" => IsMakingNote(connection, deed) || MadeNote(connection, deed),
        _ => MovedFollow(connection, deed, now),
    });

    private static bool MadeNote(StoreReader connection, OwnDeed deed)
    {
        const string Sql = """
            select exists (select 1 from steps s join runs r on r.id = s.run join accounts a on a.id = r.account
            where s.object = @ObjectId and a.name = @Account and s.kind not in ('follow', 'unfollow') and s.had_effect = 1)
            """;
        return connection.ExecuteScalar<bool>(Sql, deed);
    }

    // The event can arrive before the answer to the request that made it.
    private static bool IsMakingNote(StoreReader connection, OwnDeed deed)
    {
        const string Sql = $"""
            select s.intent from steps s indexed by steps_posting join runs r on r.id = s.run join accounts a on a.id = r.account
            where {StepRows.ArePosting} and a.name = @Account
            """;
        var note = NoteIn(deed.Envelope);
        return connection.Query<string>(Sql, deed, buffered: false).Select(StepRows.ReadIntent)
            .Any(intent => intent.Endpoint == "notes/create" && Hearing.AsksFor(intent.Body, note));
    }

    private static bool MovedFollow(StoreReader connection, OwnDeed deed, DateTimeOffset now)
    {
        const string Sql = """
            select s.at, s.state in (1, 2) as isOnItsWay, s.intent from steps s join runs r on r.id = s.run join accounts a on a.id = r.account
            where s.object = @ObjectId and a.name = @Account and (s.had_effect = 1 or s.state in (1, 2))
            """;
        var (at, window) = deed.Envelope.Find("createdAt") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var milliseconds)
            ? (milliseconds, SameDeed) : (now.ToUnixTimeMilliseconds(), LastAttempt);
        return connection.Query<(long At, bool IsOnItsWay, string Intent)>(Sql, deed).Any(step =>
            StepRows.ReadIntent(step.Intent).Endpoint == deed.Endpoint
            && (step.IsOnItsWay || Math.Abs(step.At - at) <= window.TotalMilliseconds));
    }

    private static JsonElement NoteIn(JsonElement envelope) =>
        envelope.FindObject("note") ?? envelope.FindObject("body")?.FindObject("note") ?? envelope;
}
