using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// Looks for a note that may have been made: where Misskey lists it straight from its database. Replies and quotes stand below their note
/// (<c>notes/children</c>), renotes at theirs (<c>notes/renotes</c>), all others, direct ones too, among the account's own
/// (<c>users/notes</c> with a time: without one, Misskey asks a cache that may have missed it).
/// </summary>
internal static class NoteSearch
{
    private const int PageSize = 100;
    private const int MostPages = 50;

    /// <summary>Whether an intent makes a note at once.</summary>
    public static bool IsPossible(Intent intent)
    {
        if (intent.Endpoint != NoteLikeness.Endpoint)
        {
            return false;
        }

        using var body = JsonDocument.Parse(intent.Body);
        return body.RootElement.Find("scheduledAt") is null or { ValueKind: JsonValueKind.Null };
    }

    extension(MisskeySender misskey)
    {
        /// <summary>Looks once.</summary>
        public async Task<Sighting> LookForNoteAsync(Search search, CancellationToken cancellationToken)
        {
            var asked = NoteLikeness.OfRequest(search.Intent.Body);
            var since = misskey.ToServerTime(search.Account, search.Since);
            var (notes, instead) = asked switch
            {
                { ReplyId: { } reply } => await misskey.ListBackwardsAsync(search, "notes/children", reply, since, cancellationToken),
                { RenoteId: { } quoted, IsQuote: true } => await misskey.ListBackwardsAsync(search, "notes/children", quoted, since, cancellationToken),
                { RenoteId: { } renoted } => await misskey.ListBackwardsAsync(search, "notes/renotes", renoted, since, cancellationToken),
                _ => await misskey.ListOwnAsync(search, asked.ChannelId is not null, since, cancellationToken),
            };
            if (notes is null)
            {
                return instead!;
            }

            // A note of one's own that is shown there proves that such notes are shown.
            return notes.Count == 0 && search.MustProve && (asked.ReplyId ?? asked.RenoteId) is { } target
                ? await misskey.LookForVeilAsync(search, target, cancellationToken)
                : new Sighting.Listed(notes);
        }

        // Newest first, until they are older than the request.
        private Task<(List<JsonElement>? Notes, Sighting? Instead)> ListBackwardsAsync(
            Search search, string endpoint, string noteId, DateTimeOffset since, CancellationToken cancellationToken) =>
            misskey.ListAllAsync(search, endpoint, since, isOver: last => MadeAt(last) < since, (json, untilId) =>
            {
                json.WriteString("noteId", noteId);
                if (untilId is not null)
                {
                    json.WriteString("untilId", untilId);
                }
            }, cancellationToken);

        // With a time to begin from alone, the oldest come first.
        private Task<(List<JsonElement>? Notes, Sighting? Instead)> ListOwnAsync(
            Search search, bool withChannels, DateTimeOffset since, CancellationToken cancellationToken) =>
            misskey.ListAllAsync(search, "users/notes", since, isOver: _ => false, (json, sinceId) =>
            {
                json.WriteString("userId", search.MeId);
                json.WriteBoolean("withReplies", value: false);
                json.WriteBoolean("withRenotes", value: true);
                json.WriteBoolean("withChannelNotes", withChannels);
                if (sinceId is null)
                {
                    json.WriteNumber("sinceDate", since.ToUnixTimeMilliseconds());
                }
                else
                {
                    json.WriteString("sinceId", sinceId);
                }
            }, cancellationToken);

        // The account's own notes of all pages. A page is asked for with the id of the last note of the page before, null for the first.
        private async Task<(List<JsonElement>? Notes, Sighting? Instead)> ListAllAsync(
            Search search, string endpoint, DateTimeOffset since, Predicate<JsonElement> isOver, Action<Utf8JsonWriter, string?> ask, CancellationToken cancellationToken)
        {
            var own = new List<JsonElement>();
            string? before = null;
            for (var page = 0; page < MostPages; page++)
            {
                var (notes, instead) = await misskey.ListAsync(search, endpoint, json => ask(json, before), cancellationToken);
                if (notes is null)
                {
                    return (null, instead);
                }

                own.AddRange(notes.Where(note => IsOwn(note, search, since)));
                if (notes.Count < PageSize || isOver(notes[^1]) || notes[^1].GetText("id") is not { } last || last == before)
                {
                    return (own, null);
                }

                before = last;
            }

            return (null, new Sighting.Blind($"there are more than {MostPages * PageSize} notes to look through"));
        }

        // Misskey leaves out what answers or renotes somebody whom the account has muted since.
        private async Task<Sighting> LookForVeilAsync(Search search, string noteId, CancellationToken cancellationToken)
        {
            var shown = await misskey.SendAsync(search.Account, "notes/show", RequestBody.Write(json => json.WriteString("noteId", noteId)), cancellationToken);
            if (shown is ActionOutcome.Rejected)
            {
                return new Sighting.Listed([]); // Deleted: what is sent again is refused.
            }

            if (shown is not ActionOutcome.Done { Answer: { } note } || NoteReading.AuthorId(note) is not { } author)
            {
                return Failure(shown);
            }

            if (author == search.MeId)
            {
                return new Sighting.Listed([]);
            }

            var related = await misskey.SendAsync(search.Account, "users/relation", RequestBody.Write(json => json.WriteString("userId", author)), cancellationToken);
            return related switch
            {
                ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } relations } when relations.GetArrayLength() == 1 =>
                    relations[0].IsTrue("isMuted") ? new Sighting.Blind("Misskey does not show answers to people whom the account mutes") : new Sighting.Listed([]),
                ActionOutcome.Rejected refused => new Sighting.Blind(refused.Reason),
                _ => Failure(related),
            };
        }

        private async Task<(List<JsonElement>? Notes, Sighting? Instead)> ListAsync(
            Search search, string endpoint, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
        {
            var outcome = await misskey.SendAsync(search.Account, endpoint, RequestBody.Write(json =>
            {
                json.WriteNumber("limit", PageSize);
                write(json);
            }), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return outcome switch
            {
                ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } notes } => ([.. notes.EnumerateArray()], null),
                ActionOutcome.Rejected { Code: "NO_SUCH_NOTE" } => ([], null),
                ActionOutcome.Rejected refused => (null, new Sighting.Blind(refused.Reason)),
                _ => (null, Failure(outcome)),
            };
        }
    }

    private static Sighting.Failed Failure(ActionOutcome outcome) =>
        new(Reasons.Of(outcome), outcome is ActionOutcome.RateLimited limited ? limited.RetryAfter : null);

    private static bool IsOwn(JsonElement note, Search search, DateTimeOffset since) =>
        NoteReading.AuthorId(note) == search.MeId && MadeAt(note) is var madeAt && (madeAt is null || madeAt >= since);

    private static DateTimeOffset? MadeAt(JsonElement note) => note.GetTime("createdAt");
}
