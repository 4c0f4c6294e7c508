using System.Security.Cryptography;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Connecting;

/// <summary>
/// Proves that an account's events arrive: posts a note that nobody else sees, waits until what tells of it is stored and decided, whichever
/// engine took it, and deletes the note.
/// </summary>
internal sealed class Proof(MisskeySender misskey, MisskeyHooks hooks, Store store, TimeProvider time)
{
    private const int Newest = 200;

    // Misskey tries again only after a minute: what is not there by now is not on its way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(20);

    /// <summary>Null when this webhook came (another of the account may come to the same engine); otherwise why not, with what to do.</summary>
    public Task<Phrase?> AskAsync(Account account, string hookId, CancellationToken cancellationToken) => AskAsync(
        account, (events, recorded) => events.FindEnvelope(recorded.Number)?.GetText("hookId") == hookId, () => ExplainAsync(account, hookId, cancellationToken), cancellationToken);

    /// <summary>The same for the stream of an account that has no webhook.</summary>
    public Task<Phrase?> AskByStreamAsync(Account account, CancellationToken cancellationToken) => AskAsync(
        account, (_, recorded) => recorded.Source == "streaming",
        () => Task.FromResult(Phrase.Of($"The note did not come by the stream within {Patience.TotalSeconds} s. Wait a minute, then run the command again; if it does not come then either, something between here and the server holds the stream up.")),
        cancellationToken);

    private async Task<Phrase?> AskAsync(
        Account account, Func<EventQueries, RecordedEvent, bool> isIt, Func<Task<Phrase>> explain, CancellationToken cancellationToken)
    {
        var text = ProofNote.TextOf(RandomNumberGenerator.GetHexString(32, lowercase: true));
        var posted = await misskey.AskForAsync(account, "notes/create", RequestBody.Write(json =>
        {
            json.WriteString("visibility", "specified");
            json.WriteStartArray("visibleUserIds");
            json.WriteEndArray();
            json.WriteBoolean("localOnly", true);
            json.WriteString("text", text);
        }), cancellationToken);
        if (posted is not ActionOutcome.Done { Answer: { } answer } || answer.FindObject("createdNote")?.GetText("id") is not { } note)
        {
            return Phrase.Of($"The note that is to prove that events arrive could not be posted: {Reasons.Of(posted)} `doctor` looks at it again.");
        }

        try
        {
            return await ArrivesAsync(account.Name, isIt, note, cancellationToken) ? null : await explain();
        }
        finally
        {
            // Even when the person has gone away meanwhile.
            using var ending = new CancellationTokenSource(Tidying, time);
            await misskey.AskForAsync(account, "notes/delete", RequestBody.Write(json => json.WriteString("noteId", note)), ending.Token);
        }
    }

    private async Task<bool> ArrivesAsync(string account, Func<EventQueries, RecordedEvent, bool> isIt, string note, CancellationToken cancellationToken)
    {
        var events = new EventQueries(store.Readers);
        for (var begin = time.GetTimestamp(); time.GetElapsedTime(begin) < Patience; await Task.Delay(Between, time, cancellationToken))
        {
            if (events.ListNewest(Newest).Any(recorded => recorded.State == DeliveryState.Test && recorded.Account == account
                && recorded.Happening?.Note?.GetText("id") == note && isIt(events, recorded)))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<Phrase> ExplainAsync(Account account, string hookId, CancellationToken cancellationToken)
    {
        var (list, _) = await hooks.ListAsync(account, cancellationToken);
        return list?.FirstOrDefault(hook => hook.Id == hookId) is { } hook ? HookStatus.Explain(hook)
            : Phrase.Of($"The webhook did not come within {Patience.TotalSeconds} s, and Misskey does not show it any more. Connect the account anew.");
    }
}
