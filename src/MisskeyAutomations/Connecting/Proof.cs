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

    // What somebody took is on disk, if it was an engine of ours; it only has to be decided.
    private static readonly TimeSpan UntilDecided = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(20);

    /// <summary>Null when this webhook came (another of the account may come to the same engine); otherwise why not, with what to do.</summary>
    public async Task<Phrase?> AskAsync(Account account, string hookId, CancellationToken cancellationToken)
    {
        var before = (await FindAsync(account, hookId, cancellationToken))?.LatestSentAt;
        return await AskAsync(
            account,
            (events, recorded) => events.FindEnvelope(recorded.Number)?.GetText("hookId") == hookId,
            async waited => await FindAsync(account, hookId, cancellationToken) is { } hook && hook.LatestSentAt != before
                && (hook.LatestStatus is not (>= 200 and < 300) || waited >= UntilDecided),
            async () => await FindAsync(account, hookId, cancellationToken) is { } hook ? HookStatus.Explain(hook)
                : Phrase.Of($"The webhook did not come within {Patience.TotalSeconds} s, and Misskey does not show it any more. Connect the account anew."),
            cancellationToken);
    }

    /// <summary>The same for the stream of an account that has no webhook.</summary>
    public Task<Phrase?> AskByStreamAsync(Account account, CancellationToken cancellationToken) => AskAsync(
        account,
        (_, recorded) => recorded.Source == "streaming",
        _ => Task.FromResult(false),
        () => Task.FromResult(Phrase.Of($"The note did not come by the stream within {Patience.TotalSeconds} s. Wait a minute, then connect it again; if it does not come then either, something between here and the server holds the stream up.")),
        cancellationToken);

    /// <param name="account">The account.</param>
    /// <param name="isIt">Whether what was recorded came by the way that is to be proven.</param>
    /// <param name="isLostAsync">Whether it is known, after so long, that it will not come.</param>
    /// <param name="explainAsync">Why it did not come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<Phrase?> AskAsync(
        Account account, Func<EventQueries, RecordedEvent, bool> isIt, Func<TimeSpan, Task<bool>> isLostAsync, Func<Task<Phrase>> explainAsync, CancellationToken cancellationToken)
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
            return Phrase.Of($"The note that is to prove that events arrive could not be posted: {Reasons.Told(posted)} `doctor` looks at it again.");
        }

        try
        {
            return await ArrivesAsync(account.Name, isIt, isLostAsync, note, cancellationToken) ? null : await explainAsync();
        }
        finally
        {
            // Even when the person has gone away meanwhile.
            using var ending = new CancellationTokenSource(Tidying, time);
            await misskey.AskForAsync(account, "notes/delete", RequestBody.Write(json => json.WriteString("noteId", note)), ending.Token);
        }
    }

    private async Task<bool> ArrivesAsync(
        string account, Func<EventQueries, RecordedEvent, bool> isIt, Func<TimeSpan, Task<bool>> isLostAsync, string note, CancellationToken cancellationToken)
    {
        var events = new EventQueries(store.Readers);
        var (begin, looked) = (time.GetTimestamp(), time.GetTimestamp());
        for (; time.GetElapsedTime(begin) < Patience; await Task.Delay(Between, time, cancellationToken))
        {
            if (events.ListNewest(Newest).Any(recorded => recorded.State == DeliveryState.Test && recorded.Account == account
                && recorded.Happening?.Note?.GetText("id") == note && isIt(events, recorded)))
            {
                return true;
            }

            if (time.GetElapsedTime(looked) >= BetweenLooks)
            {
                looked = time.GetTimestamp();
                if (await isLostAsync(time.GetElapsedTime(begin)))
                {
                    return false;
                }
            }
        }

        return false;
    }

    private async Task<MisskeyHook?> FindAsync(Account account, string hookId, CancellationToken cancellationToken) =>
        (await hooks.ListAsync(account, cancellationToken)).Hooks?.FirstOrDefault(hook => hook.Id == hookId);
}
