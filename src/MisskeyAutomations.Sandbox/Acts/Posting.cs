using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Streaming;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>Posting and deleting notes. All under the lock of the state.</summary>
internal sealed class Posting(WorldState state, WebhookOutbox webhooks, StreamHub streams, PollClock polls, SandboxFlavour flavour)
{
    private const string Endpoint = "notes/create";
    private const int MaximumMentions = 20;
    private const int MaximumTags = 32;

    /// <summary>Either the note that was posted or why it was not.</summary>
    public (Note? Note, Refusal? Refusal) Create(Account author, NoteDraft draft)
    {
        var addressees = draft.VisibleUserIds.Select(state.Account).OfType<Account>().ToList();
        var files = draft.FileIds.Select(id => state.Files.GetValueOrDefault(id)).OfType<DriveFile>().Where(file => file.Owner == author).ToArray();
        var renote = state.Note(draft.RenoteId);
        var reply = state.Note(draft.ReplyId);
        var channel = draft.ChannelId is null ? null : state.Channels.GetValueOrDefault(draft.ChannelId);
        if (Refuse(author, draft, files, renote, reply, channel) is { } refusal)
        {
            return (null, refusal);
        }

        channel = reply is null ? channel : reply.Channel; // a reply stays in, or out of, the channel of what it answers
        var visibility = channel is null ? Narrow(draft.Visibility, renote, reply) : NoteVisibility.Public;
        if (channel is not null)
        {
            addressees.Clear();
        }
        var mentioned = Mentioned(draft);
        if (reply is not null && reply.Author != author && !mentioned.Contains(reply.Author))
        {
            mentioned.Add(reply.Author);
        }
        if (visibility is NoteVisibility.Specified)
        {
            mentioned.AddRange(addressees.Except(mentioned));
            if (reply is not null && !addressees.Contains(reply.Author))
            {
                addressees.Add(reply.Author);
            }
        }
        if (mentioned.Count > MaximumMentions)
        {
            return (null, Refusals.Of(Endpoint, "CONTAINS_TOO_MANY_MENTIONS"));
        }
        var note = new Note(state.NewId(), state.Now, author)
        {
            Text = JsText.Trim(draft.Text) is { Length: > 0 } text ? text : null,
            Cw = draft.Cw,
            Visibility = visibility,
            LocalOnly = draft.LocalOnly || channel is not null || renote is { LocalOnly: true } || reply is { LocalOnly: true },
            ReactionAcceptance = draft.ReactionAcceptance,
            Reply = reply,
            Renote = renote,
            Channel = channel,
            Files = files,
            Poll = Poll(draft.Poll),
            VisibleUserIds = visibility is NoteVisibility.Specified ? [.. addressees.Select(account => account.Id)] : [],
            Mentions = mentioned.Count == 0 ? [] : [.. mentioned.Select(account => account.Id)],
            Tags = Tags(draft),
            ThreadId = reply?.Thread,
        };
        Keep(note);
        Announce(note, mentioned);
        return (note, null);
    }

    /// <summary>Deletes the note and, as the database of Misskey does, whatever replies to it or renotes it.</summary>
    public void Delete(Note note)
    {
        foreach (var dependent in note.Replies.Concat(note.Renotes).Distinct().ToArray())
        {
            Delete(dependent);
        }
        if (!state.Notes.Remove(note.Id))
        {
            return;
        }
        note.Author.Notes.Remove(note);
        note.Author.Pinned.Remove(note);
        note.Author.NotesCount--;
        if (note.Reply is { } reply)
        {
            reply.Replies.Remove(note);
            reply.RepliesCount--;
        }
        if (note.Renote is { } renote)
        {
            renote.Renotes.Remove(note);
            if (CountsAsRenote(note))
            {
                renote.RenoteCount--;
            }
        }
        foreach (var clip in state.Clips.Values)
        {
            clip.Contents.Remove(note);
        }
    }

    private Refusal? Refuse(Account author, NoteDraft draft, DriveFile[] files, Note? renote, Note? reply, Channel? channel)
    {
        if (files.Length != draft.FileIds.Count)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_FILE");
        }
        if (draft.RenoteId is not null && RefuseRenote(author, renote) is { } renoteRefusal)
        {
            return renoteRefusal;
        }
        if (draft.ReplyId is not null && RefuseReply(author, draft, reply) is { } replyRefusal)
        {
            return replyRefusal;
        }
        if (draft.Poll?.ExpiresAt < state.Now)
        {
            return Refusals.Of(Endpoint, "CANNOT_CREATE_ALREADY_EXPIRED_POLL");
        }
        return draft.ChannelId is not null && channel is null ? Refusals.Of(Endpoint, "NO_SUCH_CHANNEL") : null;
    }

    private static Refusal? RefuseRenote(Account author, Note? renote)
    {
        var code = renote switch
        {
            null => "NO_SUCH_RENOTE_TARGET",
            { IsPureRenote: true } => "CANNOT_RENOTE_TO_A_PURE_RENOTE",
            _ when renote.Author.Blocking.ContainsKey(author.Id) => "YOU_HAVE_BEEN_BLOCKED",
            { Visibility: NoteVisibility.Followers } when renote.Author != author => "CANNOT_RENOTE_DUE_TO_VISIBILITY",
            { Visibility: NoteVisibility.Specified } => "CANNOT_RENOTE_DUE_TO_VISIBILITY",
            _ => null,
        };
        return code is null ? null : Refusals.Of(Endpoint, code);
    }

    private Refusal? RefuseReply(Account author, NoteDraft draft, Note? reply)
    {
        var code = reply switch
        {
            null => "NO_SUCH_REPLY_TARGET",
            { IsPureRenote: true } => "CANNOT_REPLY_TO_A_PURE_RENOTE",
            _ when !WorldState.IsVisible(reply, author) => "CANNOT_REPLY_TO_AN_INVISIBLE_NOTE",
            { Visibility: NoteVisibility.Specified } when draft.Visibility is not NoteVisibility.Specified =>
                "CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE_WITH_EXTENDED_VISIBILITY",
            _ when reply.Author.Blocking.ContainsKey(author.Id) => "YOU_HAVE_BEEN_BLOCKED",
            _ when flavour is SandboxFlavour.Deduplicating && author.IsBot && reply.Author.IsBot => "REPLY_TO_BOT_NOT_ALLOWED",
            _ => null,
        };
        return code is null ? null : Refusals.Of(Endpoint, code);
    }

    /// <summary>A note is never seen more widely than what it renotes; a public reply to anything less is home.</summary>
    private static NoteVisibility Narrow(NoteVisibility asked, Note? renote, Note? reply)
    {
        if (renote?.Visibility is NoteVisibility.Followers)
        {
            return NoteVisibility.Followers;
        }
        return asked is NoteVisibility.Public && (renote is { Visibility: not NoteVisibility.Public } || reply is { Visibility: not NoteVisibility.Public })
            ? NoteVisibility.Home
            : asked;
    }

    private List<Account> Mentioned(NoteDraft draft)
    {
        List<Account> mentioned = [];
        if (!draft.NoExtractMentions)
        {
            mentioned.AddRange(Texts(draft).SelectMany(MfmText.Mentions)
                .Select(name => state.AccountsByName.GetValueOrDefault(name)).OfType<Account>().Distinct());
        }
        return mentioned;
    }

    private static List<string> Tags(NoteDraft draft) =>
        draft.NoExtractHashtags ? [] : [.. Texts(draft).SelectMany(MfmText.Hashtags).Distinct(StringComparer.Ordinal).Take(MaximumTags)];

    private static IEnumerable<string?> Texts(NoteDraft draft) => [draft.Text, draft.Cw, .. draft.Poll?.Choices ?? []];

    private Poll? Poll(PollDraft? draft) =>
        draft is null ? null : new Poll(draft.Multiple, draft.ExpiresAt ?? state.Now + draft.ExpiredAfter, draft.Choices);

    private void Keep(Note note)
    {
        state.Notes.Add(note.Id, note);
        note.Author.Notes.Add(note);
        note.Author.NotesCount++;
        note.Author.UpdatedAt = note.CreatedAt;
        if (note.Reply is { } reply)
        {
            reply.Replies.Add(note);
            reply.RepliesCount++;
        }
        if (note.Renote is { } renote)
        {
            renote.Renotes.Add(note);
            if (CountsAsRenote(note))
            {
                renote.RenoteCount++;
            }
        }
    }

    private static bool CountsAsRenote(Note note) => note.Renote!.Author != note.Author && !note.Author.IsBot;

    /// <summary>
    /// The order is Misskey's: the author's own hooks, the mentioned, the author replied to (also oneself), the author
    /// renoted (never oneself). One note can therefore reach one account as mention, reply and renote.
    /// </summary>
    private void Announce(Note note, List<Account> mentioned)
    {
        streams.TellNote(note);
        polls.Watch(note);
        webhooks.Note(note.Author, "note", note);
        foreach (var account in mentioned.Where(account => !account.MutedThreads.Contains(note.Thread)))
        {
            webhooks.Note(account, "mention", note);
        }
        if (note.Reply is { } reply && !reply.Author.MutedThreads.Contains(note.Thread))
        {
            webhooks.Note(reply.Author, "reply", note);
        }
        if (note.Renote is { } renote && renote.Author != note.Author)
        {
            webhooks.Note(renote.Author, "renote", note);
        }
        Notify(note, mentioned);
    }

    private void Notify(Note note, List<Account> mentioned)
    {
        Dictionary<Account, string> reasons = [];
        foreach (var account in mentioned.Where(account => !account.MutedThreads.Contains(note.Thread)))
        {
            reasons[account] = "mention";
        }
        if (note.Reply is { } reply && !reply.Author.MutedThreads.Contains(note.Thread))
        {
            reasons[reply.Author] = "reply";
        }
        if (note.Renote is { } renote)
        {
            reasons[renote.Author] = note.IsPureRenote ? "renote" : "quote";
        }
        foreach (var (account, reason) in reasons)
        {
            state.Notify(account, new Notification(state.NewId(), state.Now, reason) { User = note.Author, Note = note });
        }
    }
}
