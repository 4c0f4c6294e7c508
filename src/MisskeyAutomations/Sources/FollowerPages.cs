using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>Reads whoever follows an account, and asks about whoever is not among them any more. Slowly: nobody waits for it.</summary>
internal sealed class FollowerPages(MisskeySender misskey, TimeProvider time)
{
    /// <summary>The longest page that Misskey gives.</summary>
    public const int MostAtOnce = 100;

    private const int MostPages = 20_000;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.5);

    /// <summary>All followers. They are good only when the outcome is done: then every page was read, to the last and empty one.</summary>
    public async Task<(IReadOnlyList<Follower> Followers, ActionOutcome Outcome)> ReadAsync(string account, string me, CancellationToken cancellationToken)
    {
        var followers = new Dictionary<string, Follower>(StringComparer.Ordinal);
        string? until = null;
        for (var number = 0; number < MostPages; number++)
        {
            var outcome = await misskey.SendAsync(account, "users/followers", BodyFor(me, until), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (outcome is not ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } page })
            {
                return ([], outcome is ActionOutcome.Done ? Unreadable : outcome);
            }

            if (page.GetArrayLength() == 0)
            {
                return ([.. followers.Values], new ActionOutcome.Done());
            }

            foreach (var entry in page.EnumerateArray())
            {
                // Newest first, and each older than the one before: anything else is no list that one could compare with.
                if (entry.GetText("id") is not { Length: > 0 } id || entry.GetText("followerId") is not { Length: > 0 } user
                    || (until is not null && string.CompareOrdinal(id, until) >= 0))
                {
                    return ([], Unreadable);
                }

                until = id;
                followers.TryAdd(user, new(user, id));
            }

            await Task.Delay(Pace, time, cancellationToken);
        }

        return ([], Unreadable);
    }

    /// <summary>
    /// Which of these people do not follow the account now, and whether they left of their own accord: whom the account blocks is a follower
    /// no more, either.
    /// </summary>
    public async Task<(IReadOnlyDictionary<string, bool> Gone, ActionOutcome Outcome)> AskWhoLeftAsync(string account, IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var body = RequestBody.Write(json =>
        {
            json.WriteStartArray("userId");
            foreach (var id in userIds)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
        });
        var outcome = await misskey.SendAsync(account, "users/relation", body, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome is ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } relations }
            ? (relations.EnumerateArray().Where(relation => relation.Find("isFollowed") is { ValueKind: JsonValueKind.False } && relation.GetText("id") is not null)
                .DistinctBy(relation => relation.GetText("id"), StringComparer.Ordinal)
                .ToDictionary(relation => relation.GetText("id")!, relation => !relation.IsTrue("isBlocking"), StringComparer.Ordinal), outcome)
            : (new Dictionary<string, bool>(StringComparer.Ordinal), outcome is ActionOutcome.Done ? Unreadable : outcome);
    }

    /// <summary>Somebody who left, as rules see people. Null with a done outcome: deleted or suspended, and so did not leave.</summary>
    public async Task<(JsonElement? User, ActionOutcome Outcome)> ShowAsync(string account, string userId, CancellationToken cancellationToken)
    {
        await Task.Delay(Pace / 3, time, cancellationToken);
        var outcome = await misskey.SendAsync(account, "users/show", RequestBody.Write(json => json.WriteString("userId", userId)), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome switch
        {
            ActionOutcome.Done { Answer: { } user } when user.GetText("id") == userId => (user.IsTrue("isSuspended") || user.IsTrue("isDeleted") ? null : user, outcome),
            ActionOutcome.Done => (null, Unreadable),
            ActionOutcome.Rejected { Code: "NO_SUCH_USER" or "USER_SUSPENDED" } => (null, new ActionOutcome.Done()),
            _ => (null, outcome),
        };
    }

    private static ActionOutcome.Uncertain Unreadable => new("Misskey's answer cannot be read.");

    private static string BodyFor(string me, string? until) => RequestBody.Write(json =>
    {
        json.WriteString("userId", me);
        json.WriteNumber("limit", MostAtOnce);
        if (until is not null)
        {
            json.WriteString("untilId", until);
        }
    });
}
