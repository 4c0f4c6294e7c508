using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Knows threads by the notes that rules wrote in them. A payload shows one or two notes before its own, so that a long conversation
/// would be a new thread with every answer; but what the other party answers is a note of ours, and its step knows where it stands.
/// </summary>
internal static class Threads
{
    /// <summary>The first note of the thread of whatever answers or quotes a note; null when no rule of the account wrote that note.</summary>
    public static string? Find(StoreReaders readers, string account, JsonElement note)
    {
        if ((note.GetText("replyId") ?? note.GetText("renoteId")) is not { } before)
        {
            return null;
        }

        const string Sql = """
            select s.intent from steps s join runs r on r.id = s.run join accounts a on a.id = r.account
            where s.object = @before and a.name = @account and s.intent is not null
            """;
        return readers.Read(connection => connection.Query<string>(Sql, new { before, account }))
            .Select(StepRows.ReadIntent).FirstOrDefault(intent => intent.Endpoint == NoteLikeness.Endpoint)?.Thread;
    }
}
