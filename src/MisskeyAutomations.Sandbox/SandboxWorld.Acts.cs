using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox;

/// <summary>What simulated people do.</summary>
public sealed partial class SandboxWorld
{
    /// <summary>Follows, or asks to follow a locked account.</summary>
    public void Follow(Account follower, Account followee) => Do(() => _following.Create(follower, followee, withReplies: false));

    public void Unfollow(Account follower, Account followee) => Do(() => _following.Delete(follower, followee));

    public void RemoveFollower(Account followee, Account follower) => Do(() => _following.Invalidate(followee, follower));

    public void AcceptRequest(Account followee, Account follower) => Do(() => _following.AcceptRequest(followee, follower));

    public void RejectRequest(Account followee, Account follower) => Do(() =>
    {
        _following.RejectRequest(followee, follower);
        return null;
    });

    public void CancelRequest(Account follower, Account followee) => Do(() => Following.CancelRequest(follower, followee));

    /// <summary>Ends following and requests in both directions.</summary>
    public void Block(Account blocker, Account blockee) => Do(() => _following.Block(blocker, blockee));

    public void Unblock(Account blocker, Account blockee) => Do(() => Following.Unblock(blocker, blockee));

    public void Mute(Account muter, Account mutee) => Do(() =>
    {
        muter.Muting.TryAdd(mutee.Id, new Relation(_state.NewId(), _state.Now, mutee));
        return null;
    });

    public void Unmute(Account muter, Account mutee) => Do(() =>
    {
        muter.Muting.Remove(mutee.Id);
        return null;
    });

    public void MuteThread(Account muter, Note note) => Do(() =>
    {
        muter.MutedThreads.Add(note.Thread);
        return null;
    });

    /// <summary>Ends whom the account follows and its webhooks, without any event.</summary>
    public void Suspend(Account account) => Do(() =>
    {
        _following.Suspend(account);
        return null;
    });

    public void Unsuspend(Account account) => Do(() =>
    {
        account.IsSuspended = false;
        return null;
    });

    /// <summary>Deletes an account with its notes, follows, hooks and tokens, as Misskey does in a while: from now on there is no such user.</summary>
    public void DeleteAccount(Account account) => Do(() =>
    {
        _following.Suspend(account);
        foreach (var follow in account.Followers.Values)
        {
            follow.Follower.Following.Remove(account.Id);
        }

        account.Followers.Clear();
        foreach (var note in account.Notes.ToArray())
        {
            _posting.Delete(note);
        }

        foreach (var token in _state.Tokens.Where(entry => entry.Value.Account == account).Select(entry => entry.Key).ToArray())
        {
            _state.Tokens.Remove(token);
        }

        _state.AccountsByName.Remove(account.Username);
        _state.Accounts.Remove(account.Id);
        return null;
    });

    public Note Post(Account author, string text, NoteVisibility visibility = NoteVisibility.Public) =>
        Post(author, new NoteDraft { Text = text, Visibility = visibility });

    public Note Reply(Account author, Note to, string text, NoteVisibility visibility = NoteVisibility.Public) =>
        Post(author, new NoteDraft { Text = text, ReplyId = to.Id, Visibility = visibility });

    public Note Renote(Account author, Note renoted) => Post(author, new NoteDraft { RenoteId = renoted.Id });

    public Note Quote(Account author, Note quoted, string text) => Post(author, new NoteDraft { Text = text, RenoteId = quoted.Id });

    /// <summary>A note that only its addressees see.</summary>
    public Note Message(Account author, Account to, string text) =>
        Post(author, new NoteDraft { Text = text, Visibility = NoteVisibility.Specified, VisibleUserIds = [to.Id] });

    public Note Post(Account author, NoteDraft draft)
    {
        lock (_state.Gate)
        {
            var (note, refusal) = _posting.Create(author, draft);
            return note ?? throw new SandboxRefusedException(refusal!);
        }
    }

    public void Delete(Note note) => Do(() =>
    {
        _posting.Delete(note);
        return null;
    });

    /// <summary>Replaces the account's other reaction to the note, if there is one.</summary>
    public void React(Account user, Note note, string reaction) => Do(() => _reacting.Create(user, note, reaction));

    public void Unreact(Account user, Note note) => Do(() => Reacting.Delete(user, note));

    private void Do(Func<Refusal?> act)
    {
        lock (_state.Gate)
        {
            if (act() is { } refusal)
            {
                throw new SandboxRefusedException(refusal);
            }
        }
    }
}
