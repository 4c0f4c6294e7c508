using System.Diagnostics;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Answers look-ups by asking Misskey. A user is found by id or, for <c>dm</c>, by <c>@name</c> and <c>@name@host</c>.
/// </summary>
internal sealed class MisskeyLookups(MisskeySender misskey) : ILookups
{
    public async Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken)
    {
        // What is kept by `set` is asked of the store, and never here.
        var outcome = await misskey.SendAsync(account, lookup.Kind.Endpoint!, BodyFor(lookup), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome switch
        {
            ActionOutcome.Done { Answer: { } answer } when lookup.Kind is LookupKind.OwnLists or LookupKind.OwnClips =>
                new LookupAnswer.Found(OwnThing.Matching(answer, lookup.Key)),
            ActionOutcome.Done { Answer: { } answer } when Entity(answer) is { } entity && entity.GetText("id") is not null => new LookupAnswer.Found(entity),
            ActionOutcome.Done => new LookupAnswer.Failed("Misskey's answer cannot be read."),
            ActionOutcome.Rejected rejected when IsFinal(rejected.Code) => new LookupAnswer.Refused(rejected.Reason),
            ActionOutcome.Rejected rejected => new LookupAnswer.Failed(rejected.Reason),
            ActionOutcome.AccountRefused refused => new LookupAnswer.Paused(refused.Reason),
            ActionOutcome.RateLimited limited => new LookupAnswer.Failed("Misskey asks for patience.", limited.RetryAfter),
            ActionOutcome.NotSent notSent => new LookupAnswer.Failed(notSent.Reason),
            ActionOutcome.Uncertain uncertain => new LookupAnswer.Failed(uncertain.Reason),
            _ => throw new UnreachableException(),
        };
    }

    private static string BodyFor(Lookup lookup) => RequestBody.Write(json =>
    {
        if (lookup.Kind is LookupKind.OwnLists or LookupKind.OwnClips)
        {
            return; // Misskey answers with all of them, without pages.
        }

        if (lookup.Kind == LookupKind.NoteShow)
        {
            json.WriteString("noteId", lookup.Key);
        }
        else if (lookup.Key.StartsWith('@'))
        {
            var at = lookup.Key.IndexOf('@', 1);
            json.WriteString("username", at < 0 ? lookup.Key[1..] : lookup.Key[1..at]);
            json.WriteString("host", at < 0 ? null : lookup.Key[(at + 1)..]);
        }
        else
        {
            json.WriteString("userId", lookup.Key);
        }
    });

    /// <summary><c>users/relation</c> answers a list even for one id.</summary>
    private static JsonElement? Entity(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Object => answer,
        JsonValueKind.Array when answer.GetArrayLength() > 0 && answer[0].ValueKind == JsonValueKind.Object => answer[0],
        _ => null,
    };

    /// <summary>
    /// Only what says something about the person or note itself is a no for good. A missing permission, say, is not: taken for
    /// one it would answer "does not follow" about everybody.
    /// </summary>
    private static bool IsFinal(string code) =>
        code is "NO_SUCH_USER" or "USER_SUSPENDED" or "NO_SUCH_NOTE" or "BLOCKED" or "YOU_HAVE_BEEN_BLOCKED" or "INVALID_PARAM";
}
