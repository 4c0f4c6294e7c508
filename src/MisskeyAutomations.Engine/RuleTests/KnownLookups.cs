using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// Answers look-ups from what is known, by endpoint: an object answers every question, a list the one whose <c>id</c> or name is asked
/// for, null says that there is no such thing. Whatever is not known is not made up: the run that asks cannot be decided.
/// </summary>
public sealed class KnownLookups(IReadOnlyDictionary<string, string> answers) : StageLookups
{
    /// <inheritdoc/>
    public override Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken) =>
        Task.FromResult(Known(lookup) ?? (Own(lookup) is { } own ? new LookupAnswer.Found(own) : throw new LookupNotGivenException(lookup)));

    private LookupAnswer? Known(Lookup lookup)
    {
        if (!answers.TryGetValue(lookup.Kind.Endpoint!, out var json))
        {
            return null;
        }

        var answer = JsonElement.Parse(json);
        if (lookup.Kind is LookupKind.OwnLists or LookupKind.OwnClips)
        {
            return new LookupAnswer.Found(OwnThing.Matching(answer, lookup.Key));
        }

        return answer.ValueKind switch
        {
            JsonValueKind.Null => new LookupAnswer.Refused("there is none, as was given"),
            JsonValueKind.Array => answer.EnumerateArray().Where(one => IsMeant(one, lookup.Key)).Select(one => new LookupAnswer.Found(one)).FirstOrDefault(),
            _ => new LookupAnswer.Found(answer),
        };
    }

    // Once time has passed the event's own note is read again, and so is its user: they are taken as they were, where all of them was told.
    private JsonElement? Own(Lookup lookup) => !HasWaited ? null : lookup.Kind switch
    {
        LookupKind.NoteShow when Event?.Note?.GetText("id") == lookup.Key => Event.Note,
        LookupKind.UserExistence when Event?.User?.GetText("id") == lookup.Key => Event.User,
        LookupKind.UserShow when IsOwnUser(lookup, "followersCount") => Event!.User,
        LookupKind.UserRelation when IsOwnUser(lookup, "isFollowing") => Event!.User,
        _ => null,
    };

    // The short form of a user lacks what is asked for.
    private bool IsOwnUser(Lookup lookup, string field) => Event?.User is { } user && user.GetText("id") == lookup.Key && user.Find(field) is not null;

    private static bool IsMeant(JsonElement one, string key) =>
        one.GetText("id") == key || string.Equals($"@{one.Acct()}", key, StringComparison.OrdinalIgnoreCase);
}
